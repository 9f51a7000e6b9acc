package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.text.GoText;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Label sets made of others. Stateless. */
final class LabelSets {
    /** What is not true any more of a result: the name, and the type and unit that may be labels. */
    private static final Set<String> DESCRIPTIVE = Set.of(Labels.NAME, "__type__", "__unit__");

    private LabelSets() {}

    static Labels keep(Labels labels, Predicate<String> kept) {
        var pairs = new String[2 * labels.size()];
        int at = 0;
        for (int i = 0; i < labels.size(); i++) {
            if (kept.test(labels.name(i))) {
                pairs[at++] = labels.name(i);
                pairs[at++] = labels.value(i);
            }
        }
        return at == pairs.length ? labels : Labels.ofSorted(Arrays.copyOf(pairs, at));
    }

    /** Without name, type and unit. */
    static Labels undescribed(Labels labels) {
        return keep(labels, name -> !DESCRIPTIVE.contains(name));
    }

    /** With another value of a label, or without it where the value is empty. */
    static Labels with(Labels labels, String name, String value) {
        Labels others = keep(labels, other -> !other.equals(name));
        if (value.isEmpty()) {
            return others;
        }
        var pairs = new String[2 * others.size() + 2];
        int at = 0;
        int i = 0;
        for (; i < others.size() && Labels.compareText(others.name(i), name) < 0; i++) {
            pairs[at++] = others.name(i);
            pairs[at++] = others.value(i);
        }
        pairs[at++] = name;
        pairs[at++] = value;
        for (; i < others.size(); i++) {
            pairs[at++] = others.name(i);
            pairs[at++] = others.value(i);
        }
        return Labels.ofSorted(pairs);
    }

    /** The labels of a group: those that are listed, or all but those and the name. */
    static Predicate<String> grouping(Collection<String> listed, boolean without) {
        Set<String> set = new HashSet<>(listed);
        return without ? name -> !set.contains(name) && !name.equals(Labels.NAME) : set::contains;
    }

    /** As Prometheus writes them in messages: {@code {__name__="up", "odd.name"="b"}}. */
    static String text(Labels labels) {
        var text = new StringBuilder("{");
        for (int i = 0; i < labels.size(); i++) {
            String name = labels.name(i);
            text.append(i == 0 ? "" : ", ").append(isPlain(name) ? name : GoText.quote(name));
            text.append('=').append(GoText.quote(labels.value(i)));
        }
        return text.append('}').toString();
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && !Character.isDigit(name.charAt(0))
                && name.chars().allMatch(c -> c == '_' || (c < 0x80 && Character.isLetterOrDigit(c)));
    }

    static List<String> names(Labels labels) {
        var names = new String[labels.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = labels.name(i);
        }
        return Arrays.asList(names);
    }
}
