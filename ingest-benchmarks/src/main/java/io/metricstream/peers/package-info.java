/**
 * Queries of MetricStream and of VictoriaMetrics side by side: both servers run on this machine over the same samples, and
 * are asked the same questions over HTTP.
 *
 * <p>Read first: {@link io.metricstream.peers.QueryPeers}.
 *
 * <p>Threads: one. Owns: two server processes and their data folders, until it ends. Must not come in: code that is shipped,
 * feeding as fast as can be.
 */
package io.metricstream.peers;
