package io.metricstream.config;

import java.util.Locale;

/**
 * One setting.
 *
 * @param name dotted lower-case, as in the file and in {@code --set}
 * @param kind what its values look like, and which are refused
 * @param doc one sentence for the listing and the documentation
 * @param secret whether its value is masked wherever it is shown
 */
public record ConfigKey<T>(String name, ValueKind<T> kind, ConfigDefault fallback, String doc, boolean secret) {
    static final String VARIABLE_PREFIX = "METRICSTREAM_";
    private static final String MASK = "********";

    static <T> ConfigKey<T> of(String name, ValueKind<T> kind, String fallback, String doc) {
        return new ConfigKey<>(name, kind, ConfigDefault.of(fallback), doc, false);
    }

    static <T> ConfigKey<T> of(String name, ValueKind<T> kind, ConfigDefault fallback, String doc) {
        return new ConfigKey<>(name, kind, fallback, doc, false);
    }

    /** The environment variable that sets it. */
    public String variable() {
        return VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** What may be shown of a value. */
    String masked(String text) {
        return secret && !text.isEmpty() ? MASK : text;
    }

    /** Two spellings of one key are equal in this form: lower-case letters and digits only. */
    static String normalised(String spelling) {
        return spelling.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
