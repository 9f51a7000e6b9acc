/**
 * What it costs to hand a request to the disk writer.
 *
 * <p>Read first: {@link io.metricstream.ring.RingHandOverBenchmark}.
 *
 * <p>Threads: those of JMH. Owns: nothing. Must not come in: code that is shipped.
 */
package io.metricstream.ring;
