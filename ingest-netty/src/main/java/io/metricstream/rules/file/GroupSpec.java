package io.metricstream.rules.file;

import java.util.List;

/**
 * A group of rules as its file has it.
 *
 * @param intervalMillis between two evaluations; 0 for the server's
 * @param limit series or alerts of one rule; 0 for any number
 * @param queryOffsetMillis how far before the time of an evaluation it looks
 */
public record GroupSpec(
        String file, String name, long intervalMillis, int limit, long queryOffsetMillis, List<RuleSpec> rules) {
    public GroupSpec {
        rules = List.copyOf(rules);
    }
}
