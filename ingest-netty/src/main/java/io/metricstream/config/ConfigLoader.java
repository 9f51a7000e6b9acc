package io.metricstream.config;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Collects values from every source and all that is wrong with them, then resolves.
 *
 * <p>Order: {@link #file}, {@link #environment}, {@link #set} and {@link #option} in the order in which they shall override
 * each other, then {@link #resolve} once.
 *
 * <p>Fails: ConfigException from resolve, with every problem of every source, also where a later source overrides the
 * value; nothing is thrown before.
 */
@OwnedBy(Role.MAIN)
public final class ConfigLoader {
    /** Variables with the prefix that are the launcher's. */
    private static final List<String> LAUNCHER = List.of("METRICSTREAM_JAVA_OPTS", "METRICSTREAM_MEMORY");

    /** What Kubernetes sets in every pod where a service is named metricstream. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "METRICSTREAM_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)");

    private final List<ConfigKey<?>> table;
    private final Map<String, ConfigKey<?>> byName = new LinkedHashMap<>();
    private final Map<String, ConfigKey<?>> byNormalisedName = new LinkedHashMap<>();
    private final Map<ConfigKey<?>, Setting<?>> given = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    public ConfigLoader(Machine machine) {
        this(ConfigKeys.ALL, machine);
    }

    ConfigLoader(List<ConfigKey<?>> table, Machine machine) {
        this.table = table;
        for (ConfigKey<?> key : table) {
            byName.put(key.name(), key);
            byNormalisedName.put(ConfigKey.normalised(key.name()), key);
            accept(key, key.fallback().text().apply(machine), "default");
        }
    }

    /** Reads a YAML file of nested or dotted keys. */
    public ConfigLoader file(Path path) {
        YamlSettings yaml = YamlSettings.read(path);
        problems.addAll(yaml.problems());
        for (YamlSettings.Entry entry : yaml.entries()) {
            named(entry.key(), entry.text(), path + ":" + entry.line());
        }
        return this;
    }

    /** Takes the variables with our prefix, whatever stands between their letters and digits. */
    public ConfigLoader environment(Map<String, String> variables) {
        new TreeMap<>(variables).forEach((name, value) -> {
            if (name.startsWith(ConfigKey.VARIABLE_PREFIX) && !isForeign(name, value)) {
                variable(name, value);
            }
        });
        return this;
    }

    /** Takes {@code key=value}, as given with {@code --set}. */
    public ConfigLoader set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            problems.add("--set " + assignment + ": found no value, wanted key=value");
        } else {
            named(
                    assignment.substring(0, equals).strip(),
                    assignment.substring(equals + 1).strip(),
                    "--set");
        }
        return this;
    }

    /** Takes the value of an option with a name of its own. */
    public ConfigLoader option(ConfigKey<?> key, String text, String option) {
        accept(key, text, option);
        return this;
    }

    /** All values, or everything that is wrong. */
    public Settings resolve() throws ConfigException {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Settings(table, given);
    }

    private void named(String name, String text, String source) {
        ConfigKey<?> key = byName.get(name);
        if (key == null) {
            problems.add(source + ": unknown key " + name
                    + suggestion(NearestName.to(name, byName.keySet())
                            .map(byName::get)
                            .map(ConfigKey::name)));
        } else {
            accept(key, text, source);
        }
    }

    private void variable(String name, String text) {
        String normalised = ConfigKey.normalised(name.substring(ConfigKey.VARIABLE_PREFIX.length()));
        ConfigKey<?> key = byNormalisedName.get(normalised);
        if (key == null) {
            Optional<String> nearest = NearestName.to(normalised, byNormalisedName.keySet())
                    .map(byNormalisedName::get)
                    .map(ConfigKey::variable);
            problems.add("environment: unknown variable " + name + suggestion(nearest));
        } else {
            accept(key, text, name);
        }
    }

    private <T> void accept(ConfigKey<T> key, String text, String source) {
        Optional<T> value = key.kind().parse().apply(text);
        if (value.isEmpty()) {
            problems.add(source + ": " + key.name() + ": found \"" + key.masked(text) + "\", wanted "
                    + key.kind().wanted());
        } else {
            given.put(key, new Setting<>(key, value.get(), text, source));
        }
    }

    private static boolean isForeign(String name, String value) {
        return LAUNCHER.contains(name)
                || SERVICE_LINK.matcher(name).matches()
                || (name.equals("METRICSTREAM_PORT") && value.startsWith("tcp://"));
    }

    private static String suggestion(Optional<String> nearest) {
        return nearest.map(name -> "; did you mean " + name + "?").orElse("; metricstream serve --help lists them all");
    }
}
