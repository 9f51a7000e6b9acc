/**
 * Texts with actions in double braces, as labels and annotations of alerts have them: the part of Go's templates that rule
 * files use, with Prometheus's functions.
 *
 * <p>Read first: {@link io.metricstream.rules.template.Template}; then {@code TemplateParser} (a text becomes {@code Node}s),
 * {@code Operand} (what is in braces) and {@code Functions} (what can be called).
 *
 * <p>Threads: a parsed template is immutable; an expansion belongs to the thread that runs it.
 *
 * <p>Owns: nothing.
 *
 * <p>Must not come in: rules, and where queries are answered. What is not supported is refused when a text is parsed, never
 * when an alert fires.
 */
@NullMarked
package io.metricstream.rules.template;

import org.jspecify.annotations.NullMarked;
