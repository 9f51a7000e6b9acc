package io.metricstream.rules.template;

import io.metricstream.promql.text.DurationText;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The functions of templates by their names. Stateless. */
final class Functions {
    private static final double MILLIS = 1000;
    private static final Map<String, Function> BY_WORD = new LinkedHashMap<>();

    static {
        logic();
        texts();
        numbers();
        queries();
    }

    private Functions() {}

    /** Null where there is none of this name. */
    static @Nullable Function of(String word) {
        return BY_WORD.get(word);
    }

    static String words() {
        return BY_WORD.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    private static void add(String word, int arguments, Function.Body body) {
        add(word, arguments, arguments, body);
    }

    private static void add(String word, int least, int most, Function.Body body) {
        BY_WORD.put(word, new Function(word, least, most, body));
    }

    private static void logic() {
        add("and", 1, Function.ANY, a -> firstThat(a, false));
        add("or", 1, Function.ANY, a -> firstThat(a, true));
        add("not", 1, a -> !Values.isTrue(a.value(0)));
        add("eq", 2, Function.ANY, Comparison::equalsAny);
        add("ne", 2, a -> !Comparison.equal(a.value(0), a.value(1)));
        add("lt", 2, a -> Comparison.compare(a.value(0), a.value(1)) < 0);
        add("le", 2, a -> Comparison.compare(a.value(0), a.value(1)) <= 0);
        add("gt", 2, a -> Comparison.compare(a.value(0), a.value(1)) > 0);
        add("ge", 2, a -> Comparison.compare(a.value(0), a.value(1)) >= 0);
        add("len", 1, Functions::length);
        add("index", 2, Functions::index);
    }

    private static void texts() {
        add("print", 0, Function.ANY, a -> Printf.print(a.values(0)));
        add("println", 0, Function.ANY, a -> Printf.println(a.values(0)));
        add("printf", 1, Function.ANY, a -> Printf.format(a.text(0), a.values(1)));
        add("title", 1, a -> TextFunctions.title(a.text(0)));
        add("toUpper", 1, a -> a.text(0).toUpperCase(Locale.ROOT));
        add("toLower", 1, a -> a.text(0).toLowerCase(Locale.ROOT));
        add("match", 2, a -> TextFunctions.pattern(a.text(0)).matcher(a.text(1)).find());
        add("reReplaceAll", 3, a -> TextFunctions.replaceAll(a.text(0), a.text(1), a.text(2)));
        add("stripPort", 1, a -> TextFunctions.stripPort(a.text(0)));
        add("stripDomain", 1, a -> TextFunctions.stripDomain(a.text(0)));
        add("urlquery", 1, a -> ExpressionLinks.escaped(Values.text(a.value(0))));
        add("urlQueryEscape", 1, a -> ExpressionLinks.escaped(a.text(0)));
        add("safeHtml", 1, a -> a.text(0));
        add("externalURL", 0, a -> a.run().data().externalUrl());
        add("pathPrefix", 0, a -> TextFunctions.path(a.run().data().externalUrl()));
        add("tableLink", 1, a -> ExpressionLinks.table(a.text(0)));
        add("graphLink", 1, a -> ExpressionLinks.graph(a.text(0)));
    }

    private static void numbers() {
        add("humanize", 1, a -> Humanized.decimal(a.number(0)));
        add("humanize1024", 1, a -> Humanized.binary(a.number(0)));
        add("humanizeDuration", 1, a -> Humanized.duration(a.number(0)));
        add("humanizePercentage", 1, a -> Humanized.percentage(a.number(0)));
        add("humanizeTimestamp", 1, a -> Humanized.timestamp(a.number(0)));
        add("now", 0, a -> a.run().data().timeMillis() / MILLIS);
        add("parseDuration", 1, a -> parseDuration(a.text(0)));
    }

    private static void queries() {
        add("query", 1, a -> a.run().data().queries().query(a.text(0)));
        add("first", 1, a -> first(a.samples(0)));
        add("label", 2, a -> a.sample(1).labels().getOrDefault(a.text(0), ""));
        add("value", 1, a -> a.sample(0).value());
        add("strvalue", 1, a -> a.sample(0).labels().getOrDefault("__value__", ""));
        add("sortByLabel", 2, Functions::sortByLabel);
    }

    /** The first argument that is true or false as wanted, else the last; the others are not evaluated. */
    private static Object firstThat(Arguments arguments, boolean truth) throws TemplateException {
        Object value = arguments.value(0);
        for (int i = 1; i < arguments.size() && Values.isTrue(value) != truth; i++) {
            value = arguments.value(i);
        }
        return value;
    }

    private static Object length(Arguments arguments) throws TemplateException {
        Object value = arguments.value(0);
        if (value instanceof String text) {
            return (long) text.getBytes(StandardCharsets.UTF_8).length;
        }
        if (value instanceof Map<?, ?> map) {
            return (long) map.size();
        }
        if (value instanceof List<?> list) {
            return (long) list.size();
        }
        throw new TemplateException("template: len of " + Values.text(value));
    }

    private static Object index(Arguments arguments) throws TemplateException {
        Object of = arguments.value(0);
        Object at = arguments.value(1);
        if (of instanceof Map<?, ?> && at instanceof String name) {
            return Values.field(of, name);
        }
        if (of instanceof List<?> list && at instanceof Long place && place >= 0 && place < list.size()) {
            return list.get(place.intValue());
        }
        throw new TemplateException("template: index " + Values.text(at) + " of " + Values.text(of));
    }

    private static TemplateSample first(List<TemplateSample> samples) throws TemplateException {
        if (samples.isEmpty()) {
            throw new TemplateException("first() called on vector with no elements");
        }
        return samples.get(0);
    }

    private static Object sortByLabel(Arguments arguments) throws TemplateException {
        String label = arguments.text(0);
        return arguments.samples(1).stream()
                .sorted(Comparator.comparing(
                        (TemplateSample sample) -> sample.labels().getOrDefault(label, "")))
                .toList();
    }

    private static Object parseDuration(String text) throws TemplateException {
        try {
            return DurationText.parseMillis(text) / MILLIS;
        } catch (IllegalArgumentException e) {
            throw new TemplateException("template: parseDuration: " + e.getMessage(), e);
        }
    }
}
