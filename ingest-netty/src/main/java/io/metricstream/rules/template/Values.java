package io.metricstream.rules.template;

import io.metricstream.promql.text.GoNumber;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The values of templates: String, Double, Long, Boolean, maps of labels, samples and lists of them. Stateless. */
final class Values {
    private Values() {}

    /** As Go prints it. */
    static String text(Object value) {
        if (value instanceof Double number) {
            return GoNumber.general(number);
        }
        if (value instanceof Map<?, ?> map) {
            return mapText(map);
        }
        if (value instanceof TemplateSample sample) {
            return "{" + mapText(sample.labels()) + " " + text(sample.value()) + "}";
        }
        if (value instanceof List<?> list) {
            return "[" + String.join(" ", list.stream().map(Values::text).toList()) + "]";
        }
        return value instanceof TemplateData ? "{}" : value.toString();
    }

    /** Everything but false, zero and what is empty. */
    static boolean isTrue(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return !(value instanceof List<?> list) || !list.isEmpty();
    }

    /** What {@code .name} is of a value; a label that is not there is empty. */
    static Object field(Object of, String name) throws TemplateException {
        if (of instanceof Map<?, ?> map) {
            Object value = map.get(name);
            return value == null ? "" : value;
        }
        Map<String, Object> fields = fields(of);
        Object value = fields.get(name);
        if (value == null) {
            throw new TemplateException(
                    "template: can't evaluate field " + name + " in " + text(of) + ", which has " + fields.keySet());
        }
        return value;
    }

    private static Map<String, Object> fields(Object of) {
        if (of instanceof TemplateData data) {
            return new TreeMap<>(Map.of(
                    "Labels", data.labels(),
                    "Value", data.value(),
                    "ExternalLabels", data.externalLabels(),
                    "ExternalURL", data.externalUrl()));
        }
        if (of instanceof TemplateSample sample) {
            return new TreeMap<>(Map.of("Labels", sample.labels(), "Value", sample.value()));
        }
        return Map.of();
    }

    private static String mapText(Map<?, ?> map) {
        List<String> entries = map.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .sorted()
                .toList();
        return "map[" + String.join(" ", entries) + "]";
    }
}
