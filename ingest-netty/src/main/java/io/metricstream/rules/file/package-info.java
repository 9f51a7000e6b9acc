/**
 * Files of rules in Prometheus's format: which there are, and what stands in them.
 *
 * <p>Read first: {@link io.metricstream.rules.file.RuleFiles} (from patterns to groups), then {@code RuleFileReader} (one
 * file) and {@link io.metricstream.rules.file.RuleSpec}.
 *
 * <p>Threads: any; what was read is immutable.
 *
 * <p>Owns: nothing between two calls.
 *
 * <p>Must not come in: evaluation. A file is taken whole or refused with file, line and reason.
 */
@NullMarked
package io.metricstream.rules.file;

import org.jspecify.annotations.NullMarked;
