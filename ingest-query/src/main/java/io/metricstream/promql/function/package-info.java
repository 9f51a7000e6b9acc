/**
 * What functions compute: of one number, of the samples in a window, of the buckets of a histogram.
 *
 * <p>Read first: {@link io.metricstream.promql.function.WindowFunction}, then
 * {@link io.metricstream.promql.function.WindowFunctions}, the table of them.
 *
 * <p>Results are those of Prometheus to the last bits that matter: sums are compensated as Neumaier has it, quantiles
 * interpolate between neighbours, counters that fall were reset. Windows of one series move on from step to step and are not
 * begun again.
 *
 * <p>Threads: what has a state belongs to one query; the rest is for any.
 *
 * <p>Owns: nothing.
 *
 * <p>Must not come in: labels, series, steps of a range.
 */
@NullMarked
package io.metricstream.promql.function;

import org.jspecify.annotations.NullMarked;
