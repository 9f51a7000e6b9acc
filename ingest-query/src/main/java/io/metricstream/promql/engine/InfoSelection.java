package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.Shift;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which info series {@code info()} takes labels from, and which labels.
 *
 * @param names conditions on the metric's name
 * @param data conditions on the labels that are taken, by label; none for all labels
 */
record InfoSelection(List<Matcher> names, Map<String, List<Matcher>> data) {
    private static final Matcher DEFAULT = Matcher.equal(Labels.NAME, "target_info");

    /** What a selector of labels says; null where there is none. */
    static InfoSelection of(Expr.@Nullable VectorSelector selector) {
        List<Matcher> names = new ArrayList<>();
        Map<String, List<Matcher>> data = new HashMap<>();
        for (Matcher matcher : selector == null ? List.<Matcher>of() : selector.matchers()) {
            if (matcher.label().equals(Labels.NAME)) {
                names.add(matcher);
            } else {
                data.computeIfAbsent(matcher.label(), any -> new ArrayList<>()).add(matcher);
            }
        }
        return new InfoSelection(effective(names), data);
    }

    private static List<Matcher> effective(List<Matcher> names) {
        if (names.isEmpty()) {
            return List.of(DEFAULT);
        }
        if (names.stream().allMatch(matcher -> matcher.op().isNegative())) {
            List<Matcher> all = new ArrayList<>(names);
            all.add(0, new Matcher(Labels.NAME, MatchOp.REGEX, ".+_info"));
            return all;
        }
        return names;
    }

    /** Whether a series is an info series itself, and stays as it is. */
    boolean isInfo(Labels labels) {
        return names.stream().allMatch(matcher -> matcher.matches(labels.get(Labels.NAME)));
    }

    /** Whether a label is taken. */
    boolean takes(String label) {
        return !label.equals(Labels.NAME) && (data.isEmpty() || data.containsKey(label));
    }

    /** Whether a series without any info series stays. */
    boolean matchesNothing() {
        return data.values().stream().flatMap(List::stream).allMatch(Matcher::matchesEmpty);
    }

    /** When info series are looked at: as the first selector in the expression is. */
    static Shift shift(Expr expr) {
        return FirstShift.of(expr).orElse(Shift.NONE);
    }
}
