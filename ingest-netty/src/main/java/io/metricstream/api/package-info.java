/**
 * What Prometheus's API tells: series, label names and values, types, how many series there are by what, and what server this is.
 *
 * <p>Read first: {@link io.metricstream.api.PrometheusApi}, which has a page for each call, then {@code SeriesPage}.
 *
 * <p>Threads: the workers of the HTTP side; several at once, each with cursors of its own.
 *
 * <p>Owns: nothing that outlives an answer. Answers are written as they are read, so that their length takes no memory; what
 * has to be collected first has a limit, and an answer that was cut by it says so in {@code warnings}.
 *
 * <p>Must not come in: connections and buffers, formats of files, what a query computes from samples.
 */
@NullMarked
package io.metricstream.api;

import org.jspecify.annotations.NullMarked;
