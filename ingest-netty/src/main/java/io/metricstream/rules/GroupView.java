package io.metricstream.rules;

import java.util.List;

/**
 * A group as it was after its last evaluation. Immutable.
 *
 * @param atMillis when it was evaluated last; 0 before the first time
 */
public record GroupView(
        String file, String name, long intervalMillis, int limit, long atMillis, long tookNanos, List<RuleView> rules) {
    public GroupView {
        rules = List.copyOf(rules);
    }

    /** The same with some of its rules. */
    public GroupView with(List<RuleView> some) {
        return new GroupView(file, name, intervalMillis, limit, atMillis, tookNanos, some);
    }
}
