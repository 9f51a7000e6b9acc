package io.metricstream.rules.file;

import java.util.List;
import java.util.Map;

/** A piece of a YAML document, with the line it begins in. */
sealed interface YamlNode {
    int line();

    /** A single value, as it is written; empty where it is null. */
    record Scalar(String text, int line) implements YamlNode {}

    record Sequence(List<YamlNode> items, int line) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** Names with values, in the order of the document. */
    record Mapping(Map<String, YamlNode> entries, int line) implements YamlNode {}
}
