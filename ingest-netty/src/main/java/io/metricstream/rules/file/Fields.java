package io.metricstream.rules.file;

import io.metricstream.promql.text.DurationText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of one mapping of a file, read strictly. Immutable. */
final class Fields {
    private final String file;
    private final YamlNode.Mapping mapping;

    /** Fails on a field that is not among those known. */
    Fields(String file, YamlNode node, Set<String> known) throws RuleFileException {
        this.file = file;
        if (!(node instanceof YamlNode.Mapping fields)) {
            throw problem(node, "wanted fields, as in name: value");
        }
        this.mapping = fields;
        for (Map.Entry<String, YamlNode> field : fields.entries().entrySet()) {
            if (!known.contains(field.getKey())) {
                throw problem(
                        field.getValue(),
                        "field " + field.getKey() + " not known, wanted one of "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    boolean has(String name) {
        return !text(name).isEmpty();
    }

    /** The value as it is written; empty where there is none, or no single one. */
    String text(String name) {
        return mapping.entries().get(name) instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    }

    String single(String name) throws RuleFileException {
        YamlNode node = mapping.entries().get(name);
        if (node != null && !(node instanceof YamlNode.Scalar)) {
            throw problem(node, name + ": wanted a single value");
        }
        return text(name);
    }

    long millis(String name) throws RuleFileException {
        String text = single(name);
        try {
            return text.isEmpty() ? 0 : DurationText.parseMillis(text);
        } catch (IllegalArgumentException e) {
            throw problem(name, name + ": " + e.getMessage());
        }
    }

    int count(String name) throws RuleFileException {
        String text = single(name);
        try {
            return text.isEmpty() ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw problem(name, name + ": found " + text + ", wanted a whole number");
        }
    }

    List<YamlNode> list(String name) throws RuleFileException {
        YamlNode node = mapping.entries().get(name);
        if (node instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        if (node == null
                || (node instanceof YamlNode.Scalar scalar && scalar.text().isEmpty())) {
            return List.of();
        }
        throw problem(node, name + ": wanted a list");
    }

    /** Names with single values, in the order of the file. */
    Map<String, String> texts(String name) throws RuleFileException {
        YamlNode node = mapping.entries().get(name);
        var texts = new LinkedHashMap<String, String>();
        if (node instanceof YamlNode.Mapping entries) {
            for (Map.Entry<String, YamlNode> entry : entries.entries().entrySet()) {
                if (!(entry.getValue() instanceof YamlNode.Scalar value)) {
                    throw problem(entry.getValue(), name + ": " + entry.getKey() + ": wanted a single value");
                }
                texts.put(entry.getKey(), value.text());
            }
        } else if (node != null
                && !(node instanceof YamlNode.Scalar scalar && scalar.text().isEmpty())) {
            throw problem(node, name + ": wanted names with values");
        }
        return texts;
    }

    /** A problem of a field, or where it is not there, of all of them. */
    RuleFileException problem(String field, String text) {
        YamlNode node = mapping.entries().get(field);
        return problem(node == null ? mapping : node, text);
    }

    private RuleFileException problem(@Nullable YamlNode node, String text) {
        return new RuleFileException(file + ":" + (node == null ? 1 : node.line()) + ": " + text);
    }
}
