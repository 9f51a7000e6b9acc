/**
 * Rules that the server evaluates by itself: what recording rules write, which alerts fire, and who is told.
 *
 * <p>Read first: {@link io.metricstream.rules.RuleService} (files, groups and their threads), then {@code RuleGroup} (one
 * evaluation) and {@code AlertingRule} (the states of an alert). What stands in files is {@code rules.file}'s, texts with
 * braces are {@code rules.template}'s, and the way to an Alertmanager is {@code rules.notify}'s.
 *
 * <pre>
 *   rules.files --RuleFiles--> GroupSpec --RuleService--> GroupRunner, each on time --> RuleGroup
 *                                                            QueryEngine <-- rules in order --> RuleWriter, AlertPost
 * </pre>
 *
 * <p>Threads: {@code rules-1} and so on, each group on one at a time. Whoever asks reads what a group has published last.
 *
 * <p>Owns: those threads, and the states of alerts, which after a restart are found again in the series
 * {@code ALERTS_FOR_STATE}.
 *
 * <p>Must not come in: HTTP answers, the ring, what PromQL means.
 */
@NullMarked
package io.metricstream.rules;

import org.jspecify.annotations.NullMarked;
