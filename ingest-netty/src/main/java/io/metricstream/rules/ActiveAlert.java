package io.metricstream.rules;

import io.metricstream.model.Labels;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.rules.notify.AlertMessage;
import java.util.Map;

/** One alert from the first time its series was there until it has been resolved for long enough. Times in ms since 1970, 0 for never. */
@OwnedBy(Role.RULES)
final class ActiveAlert {
    /** A webhook is told again that an alert still fires; it forgets one after so many times of that. */
    private static final int VALID_FOR_SENDS = 4;

    final Labels labels;
    Map<String, String> annotations;
    double value;
    AlertState state = AlertState.PENDING;
    long activeAtMillis;
    long firedAtMillis;
    long resolvedAtMillis;
    long keepFiringSinceMillis;
    private long lastSentMillis;
    private long validUntilMillis;

    ActiveAlert(Labels labels, Map<String, String> annotations, double value, long activeAtMillis) {
        this.labels = labels;
        this.annotations = annotations;
        this.value = value;
        this.activeAtMillis = activeAtMillis;
    }

    void fire(long nowMillis) {
        state = AlertState.FIRING;
        firedAtMillis = nowMillis;
    }

    void resolve(long nowMillis) {
        state = AlertState.INACTIVE;
        resolvedAtMillis = nowMillis;
    }

    /** True where a webhook is to be told now, which it counts as told then. */
    boolean takeTurnToSend(long nowMillis, long resendMillis, long intervalMillis) {
        boolean news = resolvedAtMillis > lastSentMillis;
        if (state == AlertState.PENDING || (!news && lastSentMillis + resendMillis >= nowMillis)) {
            return false;
        }
        lastSentMillis = nowMillis;
        validUntilMillis = nowMillis + VALID_FOR_SENDS * Math.max(resendMillis, intervalMillis);
        return true;
    }

    AlertMessage message(Map<String, String> externalLabels, String generatorUrl) {
        Map<String, String> all = LabelMaps.of(labels);
        externalLabels.forEach(all::putIfAbsent);
        long endsAt = resolvedAtMillis > 0 ? resolvedAtMillis : validUntilMillis;
        return new AlertMessage(all, annotations, firedAtMillis, endsAt, generatorUrl);
    }

    AlertView view() {
        return new AlertView(labels, annotations, state, activeAtMillis, keepFiringSinceMillis, value);
    }
}
