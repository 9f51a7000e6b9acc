/**
 * The way of alerts to webhooks that take them as an Alertmanager does.
 *
 * <p>Read first: {@link io.metricstream.rules.notify.AlertPost}, then {@code AlertSender}, one for each webhook.
 *
 * <p>Threads: those of rules hand alerts over and never wait; each webhook has a thread of its own, so that one that is down
 * holds no other up.
 *
 * <p>Owns: those threads and bounded queues.
 *
 * <p>Must not come in: when an alert fires, and when it is told again.
 */
@NullMarked
package io.metricstream.rules.notify;

import org.jspecify.annotations.NullMarked;
