package io.metricstream.api;

import io.metricstream.http.BadParameterException;
import io.metricstream.http.Parameters;
import io.metricstream.rules.GroupView;
import io.metricstream.rules.RuleView;
import io.metricstream.select.Matcher;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Which rules are asked for; an empty list selects everything. Immutable. */
record RuleFilter(
        String type,
        List<String> names,
        List<String> groups,
        List<String> files,
        List<List<Matcher>> matchers,
        boolean withAlerts) {
    private static final Comparator<GroupView> ORDER =
            Comparator.comparing(GroupView::file).thenComparing(GroupView::name);

    static RuleFilter of(Parameters parameters) {
        String type = parameters.first("type", "").toLowerCase(Locale.ROOT);
        if (!type.isEmpty() && !type.equals("alert") && !type.equals("record")) {
            throw new BadParameterException("type", "not supported value \"" + type + "\"");
        }
        String exclude = parameters.first("exclude_alerts", "false").toLowerCase(Locale.ROOT);
        boolean excludes = List.of("true", "1", "t").contains(exclude);
        if (!excludes && !List.of("false", "0", "f").contains(exclude)) {
            throw new BadParameterException("exclude_alerts", "wanted true or false");
        }
        return new RuleFilter(
                type,
                parameters.all("rule_name[]"),
                parameters.all("rule_group[]"),
                parameters.all("file[]"),
                parameters.selectors(),
                !excludes);
    }

    /** The groups with the rules of them that are selected, by file and name; those without any are left out. */
    List<GroupView> select(List<GroupView> all) {
        return all.stream()
                .filter(group -> has(groups, group.name()) && has(files, group.file()))
                .map(group ->
                        group.with(group.rules().stream().filter(this::selects).toList()))
                .filter(group -> !group.rules().isEmpty())
                .sorted(ORDER)
                .toList();
    }

    private boolean selects(RuleView rule) {
        boolean alerting = rule.kind() == RuleView.Kind.ALERTING;
        boolean typed = type.isEmpty() || type.equals(alerting ? "alert" : "record");
        return typed
                && has(names, rule.name())
                && (matchers.isEmpty() || matchers.stream().anyMatch(all -> matches(all, rule)));
    }

    private static boolean matches(List<Matcher> all, RuleView rule) {
        return Matcher.allMatch(all, label -> rule.labels().getOrDefault(label, ""));
    }

    private static boolean has(List<String> wanted, String found) {
        return wanted.isEmpty() || wanted.contains(found);
    }
}
