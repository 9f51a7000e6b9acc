package io.metricstream.rules;

import java.util.List;
import java.util.Map;

/**
 * A rule as it was after its last evaluation. Immutable.
 *
 * @param labels as in the file; those of an alert are templates
 */
public record RuleView(
        Kind kind, String name, String query, Map<String, String> labels, Alerting alerting, Outcome outcome) {
    /** What a rule is for. */
    public enum Kind {
        RECORDING,
        ALERTING
    }

    /** What only an alerting rule has. */
    public record Alerting(
            long holdMillis, long keepFiringMillis, Map<String, String> annotations, List<AlertView> alerts) {
        static final Alerting NONE = new Alerting(0, 0, Map.of(), List.of());

        public Alerting {
            alerts = List.copyOf(alerts);
        }
    }

    /**
     * What the last evaluation came to.
     *
     * @param health {@code unknown} before the first, then {@code ok} or {@code err}
     * @param error why it failed; empty where it did not
     * @param atMillis when it was; 0 before the first
     */
    public record Outcome(String health, String error, long atMillis, long tookNanos) {
        static final Outcome NONE = new Outcome("unknown", "", 0, 0);

        static Outcome ok(long atMillis, long tookNanos) {
            return new Outcome("ok", "", atMillis, tookNanos);
        }

        static Outcome failed(String error, long atMillis, long tookNanos) {
            return new Outcome("err", error, atMillis, tookNanos);
        }
    }
}
