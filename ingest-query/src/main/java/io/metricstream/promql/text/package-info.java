/**
 * How PromQL and its API write things: numbers, durations and quoted texts, byte for byte as programs written in Go do.
 *
 * <p>Read first: {@link io.metricstream.promql.text.GoNumber}, then {@link io.metricstream.promql.text.GoText}.
 *
 * <p>Threads: any; everything here is stateless.
 *
 * <p>Owns: nothing.
 *
 * <p>A text that is not UTF-8, which escapes such as {@code \xff} can spell, is kept with a lone low surrogate, U+DC80 to
 * U+DCFF, for each byte that is part of no character: it equals nothing that is stored, and can be written back.
 *
 * <p>Must not come in: the grammar, evaluation.
 */
@NullMarked
package io.metricstream.promql.text;

import org.jspecify.annotations.NullMarked;
