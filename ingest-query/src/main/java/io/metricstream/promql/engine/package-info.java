/**
 * Evaluates PromQL: a checked expression becomes a tree of operators, each of which computes the whole range of steps at once and
 * hands on one series after the other.
 *
 * <p>Read first: {@link io.metricstream.promql.engine.QueryEngine}; then {@code Planner}, which says what operator stands for what
 * expression, {@code VectorOp} and {@code Column}.
 *
 * <p>The values of a series at all steps stand in one {@code Column} of primitives. A selector pushes series after series, as they
 * are read, into what stands above it; only what needs several at once (both sides of a join, the buckets of a histogram, the
 * largest) collects them. What stands twice in a query is computed once. A metric's name stays with a series until the
 * very end, even where it is to be dropped, as in Prometheus with delayed removal of names.
 *
 * <p>Threads: a query runs on the thread that asks; {@link io.metricstream.select.Cancellation} is for any.
 *
 * <p>Owns: columns in a pool that ends with the query, and is bounded by {@link io.metricstream.promql.engine.QueryLimits}.
 *
 * <p>Must not come in: HTTP, formats of answers, how samples are stored.
 */
@NullMarked
package io.metricstream.promql.engine;

import org.jspecify.annotations.NullMarked;
