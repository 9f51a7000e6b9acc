package io.metricstream.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The value of every key, and where it came from. Immutable. */
public final class Settings {
    private final List<ConfigKey<?>> table;
    private final Map<ConfigKey<?>, Setting<?>> byKey;

    Settings(List<ConfigKey<?>> table, Map<ConfigKey<?>, Setting<?>> byKey) {
        this.table = List.copyOf(table);
        this.byKey = Map.copyOf(byKey);
    }

    /** The value of a key of the table. */
    public <T> T get(ConfigKey<T> key) {
        Setting<?> setting = byKey.get(key);
        if (setting == null) {
            throw new IllegalStateException("not a key of this table: " + key.name());
        }
        @SuppressWarnings("unchecked") // a setting is made with its key, whose values have this type
        T value = (T) setting.value();
        return value;
    }

    /** The effective configuration, a line for each key with its source; secrets are masked. */
    public List<String> lines() {
        return table.stream().map(this::line).toList();
    }

    /** Every key with its effective value as it may be shown, in order. */
    public Map<String, String> shown() {
        var shown = new LinkedHashMap<String, String>();
        table.forEach(key -> shown.put(key.name(), shown(key)));
        return shown;
    }

    /** The effective value as it may be shown. */
    public String shown(ConfigKey<?> key) {
        Setting<?> setting = byKey.get(key);
        return setting == null ? "" : key.masked(setting.text());
    }

    private String line(ConfigKey<?> key) {
        Setting<?> setting = byKey.get(key);
        return setting == null ? key.name() : setting.line();
    }
}
