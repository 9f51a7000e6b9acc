package io.metricstream.server;

import io.metricstream.config.ConfigException;
import io.metricstream.config.ConfigLoader;
import io.metricstream.config.Machine;
import io.metricstream.config.Settings;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that reads the configuration. */
@OwnedBy(Role.MAIN)
final class ConfigOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A YAML file of settings; overridden by METRICSTREAM_... variables and by options.")
    private @Nullable Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets any key; may be given again for others.")
    private List<String> assignments = List.of();

    /** Defaults, file, environment and --set; the command adds its own options. */
    ConfigLoader loader(Map<String, String> environment) {
        var loader = new ConfigLoader(Machine.current());
        if (file != null) {
            loader.file(file);
        }
        loader.environment(environment);
        assignments.forEach(loader::set);
        return loader;
    }

    Settings settings() throws CommandFailure {
        try {
            return loader(System.getenv()).resolve();
        } catch (ConfigException e) {
            throw CommandFailure.of(e);
        }
    }
}
