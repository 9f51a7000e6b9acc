/**
 * What it costs to log samples, and to read a log.
 *
 * <p>Read first: {@link io.metricstream.storage.wal.LogWriterBenchmark}.
 *
 * <p>Threads: those of JMH. Owns: nothing. Must not come in: code that is shipped.
 */
package io.metricstream.storage.wal;
