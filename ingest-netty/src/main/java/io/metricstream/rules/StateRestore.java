package io.metricstream.rules;

import io.metricstream.model.Labels;
import io.metricstream.model.SpecialValues;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * After a restart, lets alerts go on from where they were: how long each has been pending is in the series
 * {@code ALERTS_FOR_STATE}, written at every evaluation. The time that the server was down does not count, and an alert
 * never fires sooner than {@link RulesConfig.Delays#grace} after the restart unless it fired before. Stateless.
 */
final class StateRestore {
    private static final long MILLIS = 1000;

    /** What was written last about an alert. */
    private record Last(long atMillis, double activeAtSeconds) {}

    private StateRestore() {}

    /** Moves the beginning of each alert of a rule that waits long enough for it to matter. */
    static void restore(AlertingRule rule, RuleQueries queries, RulesConfig config, long nowMillis)
            throws RuleException {
        long holdMillis = rule.spec().holdMillis();
        long graceMillis = config.delays().grace().toMillis();
        if (holdMillis < graceMillis || rule.active().isEmpty()) {
            return;
        }
        Map<Labels, Last> lasts;
        try {
            lasts = lasts(rule.spec().name(), queries, config.delays().outageTolerance(), nowMillis);
        } catch (StorageFailure e) {
            throw new RuleException(e);
        }
        for (ActiveAlert alert : rule.active()) {
            Last last = lasts.get(LabelMaps.with(alert.labels, Labels.NAME, AlertingRule.STATE_METRIC));
            if (last != null) {
                alert.activeAtMillis = activeAt(last, holdMillis, graceMillis, nowMillis);
            }
        }
    }

    private static long activeAt(Last last, long holdMillis, long graceMillis, long nowMillis) {
        long before = ((long) last.activeAtSeconds()) * MILLIS;
        long remaining = holdMillis - (last.atMillis() - before);
        if (remaining <= 0) {
            return before;
        }
        return remaining < graceMillis ? nowMillis + graceMillis - holdMillis : before + nowMillis - last.atMillis();
    }

    private static Map<Labels, Last> lasts(String alert, RuleQueries queries, Duration tolerance, long nowMillis)
            throws StorageFailure {
        var lasts = new HashMap<Labels, Last>();
        var selection = new Selection(
                List.of(
                        Matcher.equal(Labels.NAME, AlertingRule.STATE_METRIC),
                        Matcher.equal(AlertingRule.ALERT_NAME, alert)),
                nowMillis - tolerance.toMillis(),
                nowMillis,
                queries.cancellation());
        try (SeriesCursor series = queries.stored().select(selection)) {
            while (series.next()) {
                Last last = last(series.samples());
                if (last != null) {
                    lasts.put(series.labels(), last);
                }
            }
        }
        return lasts;
    }

    /** Null where the alert was not active at the end. */
    private static @Nullable Last last(SampleRuns runs) throws StorageFailure {
        Last last = null;
        while (runs.next()) {
            int at = runs.count() - 1;
            last = new Last(runs.timestampsMillis()[at], runs.values()[at]);
        }
        return last == null || SpecialValues.isStale(last.activeAtSeconds()) ? null : last;
    }
}
