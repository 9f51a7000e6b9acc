package io.metricstream.server;

import io.metricstream.config.ConfigException;
import io.metricstream.config.ConfigKeys;
import io.metricstream.config.ConfigLoader;
import io.metricstream.config.Machine;
import io.metricstream.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Does once what a start does and ends, so that the launcher can archive the classes that took: a server on a free port
 * of the loopback interface, its warm-up, and a stop.
 */
@Command(name = "rehearse", hidden = true, description = "Starts the server in a temporary folder and stops it.")
final class RehearseCommand implements Callable<Integer> {
    /** Long enough for the compiler's profiles, which newer JVMs keep as well. */
    private static final Duration TIME = Duration.ofSeconds(3);

    @Override
    public Integer call() throws CommandFailure, InterruptedException, IOException {
        Path folder = Files.createTempDirectory("metricstream-rehearsal");
        try {
            ServerConfig config = config(folder);
            LogSetup.forServer(config.log());
            config.settings().lines();
            Server server = Server.listen(config);
            server.recover();
            boolean warm = server.awaitWarm(TIME.multipliedBy(10));
            return server.stop() && warm ? ExitCode.OK : ExitCode.FAILURE;
        } finally {
            delete(folder);
        }
    }

    private static ServerConfig config(Path folder) throws CommandFailure {
        var loader = new ConfigLoader(Machine.current());
        loader.option(ConfigKeys.HTTP_HOST, "127.0.0.1", "rehearse");
        loader.option(ConfigKeys.HTTP_PORT, "0", "rehearse");
        loader.option(ConfigKeys.DATA_DIR, folder.toString(), "rehearse");
        loader.option(ConfigKeys.WAL_SEGMENT, "64KiB", "rehearse");
        loader.option(ConfigKeys.WARM_UP, TIME.toSeconds() + "s", "rehearse");
        try {
            return ServerConfig.of(loader.resolve());
        } catch (ConfigException e) {
            throw CommandFailure.of(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
