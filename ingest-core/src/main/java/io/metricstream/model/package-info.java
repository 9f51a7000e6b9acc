/**
 * What a sample, a series and a batch are, and the two clocks.
 *
 * <p>Read first: {@link io.metricstream.model.SeriesKey}, the bytes that identify a series, and
 * {@link io.metricstream.model.SampleBatch}, the columns in which samples travel from a parser to the log.
 *
 * <p>Threads: a batch is handed from an event loop to the disk writer and back; the rest is stateless or immutable.
 *
 * <p>Owns: no files; the arrays of batches and key writers.
 *
 * <p>Must not come in: formats of the wire or the disk, limits, anything that knows who sent a sample.
 */
@NullMarked
package io.metricstream.model;

import org.jspecify.annotations.NullMarked;
