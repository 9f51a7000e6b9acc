/**
 * What parts take in space and time: their blocks alone, scans of whole parts, and the search for one series.
 *
 * <p>Read first: {@link io.metricstream.storage.part.PartScanBenchmark}.
 *
 * <p>Threads: those of JMH. Owns: a part in a temporary folder. Must not come in: code that is shipped.
 */
package io.metricstream.storage.part;
