/**
 * PromQL from a text to a checked tree: lexer, parser, types of expressions, and the way back to a text.
 *
 * <p>Read first: {@link io.metricstream.promql.parse.PromParser}, which makes {@link io.metricstream.promql.parse.Expr}s; then
 * {@link io.metricstream.promql.parse.Function}, the table of what can be called.
 *
 * <p>The language is that of Prometheus 3.14 without native histograms, {@code anchored}, {@code smoothed} and {@code fill}.
 * Errors are worded and placed as Prometheus's are, for programs show them to people who know those.
 *
 * <p>Threads: trees are immutable; a parser lives inside one call.
 *
 * <p>Owns: nothing. No text makes it fail with anything but {@link io.metricstream.promql.parse.ParseException}, for the depth of
 * what it takes is bounded.
 *
 * <p>Must not come in: what an expression's value is, and where samples come from.
 */
@NullMarked
package io.metricstream.promql.parse;

import org.jspecify.annotations.NullMarked;
