/**
 * What it costs to make samples of the bytes of a request.
 *
 * <p>Read first: {@link io.metricstream.parse.MetricsParserBenchmark}.
 *
 * <p>Threads: those of JMH. Owns: nothing. Must not come in: code that is shipped.
 */
package io.metricstream.parse;
