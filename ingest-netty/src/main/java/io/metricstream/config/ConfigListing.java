package io.metricstream.config;

import java.util.ArrayList;
import java.util.List;

/** The table of keys as text. */
public final class ConfigListing {
    private ConfigListing() {}

    /** Two lines a key, for {@code serve --help}. */
    public static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ConfigKey<?> key : ConfigKeys.ALL) {
            lines.add("  " + key.name() + " (" + key.fallback().shown() + ")");
            lines.add("      " + key.doc());
        }
        return lines;
    }

    /** The rows of docs/configuration.md. */
    static String markdown() {
        var table = new StringBuilder("| key | default | what it is | wanted |\n|---|---|---|---|\n");
        for (ConfigKey<?> key : ConfigKeys.ALL) {
            table.append("| `").append(key.name()).append("` | ");
            table.append(key.fallback().shown()).append(" | ").append(key.doc()).append(" | ");
            table.append(key.kind().wanted()).append(" |\n");
        }
        return table.toString();
    }
}
