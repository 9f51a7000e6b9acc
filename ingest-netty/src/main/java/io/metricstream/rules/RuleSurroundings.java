package io.metricstream.rules;

import io.metricstream.model.NanoClock;
import io.metricstream.rules.notify.AlertPost;
import java.time.Duration;
import java.util.List;

/** What every group uses; all of it is for any thread. */
record RuleSurroundings(
        RulesConfig config,
        RuleQueries queries,
        RuleWriter writer,
        AlertPost post,
        RuleMeters meters,
        NanoClock clock) {
    /** Stores samples, and counts where they are not all stored; returns why, or nothing. */
    String store(List<RuleSample> samples, Moment moment) throws InterruptedException {
        if (samples.isEmpty()) {
            return "";
        }
        Duration patience = Duration.ofNanos(Math.max(0, moment.deadlineNanos() - clock.nanos()));
        String error = writer.write(samples, patience);
        if (!error.isEmpty()) {
            meters.onLostWrite();
        }
        return error;
    }
}
