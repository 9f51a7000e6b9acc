/**
 * How stored series are asked for, and the one interface that answers: matchers and a time range in, series with their
 * samples out.
 *
 * <p>Read first: {@link io.metricstream.select.Queryable}, then {@link io.metricstream.select.SeriesCursor} and
 * {@link io.metricstream.select.SampleRuns}; {@link io.metricstream.select.SelectorParser} reads matchers from a text. The
 * recent samples in memory, each part on the disk, and the store that lays them over one another all answer through the
 * first, and so will a distributed store.
 *
 * <p>Threads: matchers and selections are immutable; a cursor belongs to the thread that opened it.
 *
 * <p>Owns: nothing; a cursor holds what it reads from until it is closed.
 *
 * <p>Must not come in: formats of files, PromQL beyond one selector, HTTP.
 */
@NullMarked
package io.metricstream.select;

import org.jspecify.annotations.NullMarked;
