/**
 * What it costs to encode and to decode blocks of samples.
 *
 * <p>Read first: {@link io.metricstream.storage.block.BlockPageBenchmark}.
 *
 * <p>Threads: those of JMH. Owns: nothing. Must not come in: code that is shipped.
 */
package io.metricstream.storage.block;
