package io.metricstream.server;

import io.metricstream.config.ConfigException;
import io.metricstream.config.ConfigKey;
import io.metricstream.config.ConfigKeys;
import io.metricstream.config.ConfigListing;
import io.metricstream.config.ConfigLoader;
import io.metricstream.config.ServerConfig;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.rules.file.RuleFileException;
import io.metricstream.rules.file.RuleFiles;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the server and waits until it is stopped. */
@Command(
        name = "serve",
        description = "Starts the server; SIGTERM and SIGINT stop it.",
        footerHeading = "%nEvery key, settable in the file, as METRICSTREAM_... variable (http.port is"
                + " METRICSTREAM_HTTP_PORT) and with --set, and its default:%n")
@OwnedBy(Role.MAIN)
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration;

    @Option(names = "--port", paramLabel = "PORT", description = "Sets http.port.")
    private @Nullable String port;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Sets http.host.")
    private @Nullable String host;

    @Option(names = "--data", paramLabel = "FOLDER", description = "Sets data.dir.")
    private @Nullable String data;

    @Option(names = "--rate-limit", paramLabel = "N", description = "Sets rate-limit.requests; 0 is off.")
    private @Nullable String rateLimit;

    @Option(names = "--durability", paramLabel = "LEVEL", description = "Sets durability: fsync, os or memory.")
    private @Nullable String durability;

    @Option(names = "--check", description = "Only check the configuration and show it.")
    private boolean checkOnly;

    /** picocli calls it while it prepares the help. */
    @Spec
    void setSpec(CommandSpec prepared) {
        spec = prepared;
        prepared.usageMessage()
                .footer(ConfigListing.lines().stream()
                        .map(line -> line.replace("%", "%%"))
                        .toArray(String[]::new));
    }

    @Override
    public Integer call() throws Exception {
        ServerConfig config = configured();
        if (checkOnly) {
            checkRules(config);
            PrintWriter out = spec.commandLine().getOut();
            config.settings().lines().forEach(out::println);
            out.flush();
            return ExitCode.OK;
        }
        LogSetup.forServer(config.log());
        LOG.info("MetricStream {} on Java {}", VersionCommand.version(), Runtime.version());
        config.settings().lines().forEach(line -> LOG.info("config: {}", line));
        Server server = Server.listen(config);
        return run(server, server::recover);
    }

    private static void checkRules(ServerConfig config) throws CommandFailure {
        try {
            var unused = RuleFiles.parse(RuleFiles.read(config.rules().files()));
        } catch (RuleFileException e) {
            throw CommandFailure.usage("rules.files: " + e.getMessage());
        }
    }

    /** What makes a listening server take writes. */
    interface Recovery {
        void run() throws CommandFailure, InterruptedException;
    }

    /** Recovers and waits for the stop; returns the exit code. */
    static int run(Server server, Recovery recovery) throws CommandFailure, InterruptedException {
        Thread hook = new Thread(() -> stop(server), "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            recovery.run();
        } catch (CommandFailure failure) {
            giveUp(server, hook);
            throw failure;
        } catch (RuntimeException | Error bug) {
            LOG.error("bug: the start failed", bug);
            giveUp(server, hook);
            return ExitCode.BUG;
        }
        server.awaitStop();
        return ExitCode.OK;
    }

    /** Stops without the hook, which would end the process as if all had gone well. */
    private static void giveUp(Server server, Thread hook) throws InterruptedException {
        if (withdraw(hook)) {
            server.stop();
        }
    }

    /** False where a signal has come already, so that the hook is running. */
    private static boolean withdraw(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            return false;
        }
    }

    /** Runs in the shutdown hook. A JVM that a signal ends would say so by its exit code; a stop in order is a success. */
    private static void stop(Server server) {
        int exitCode = ExitCode.FAILURE;
        try {
            LOG.info("stopping");
            exitCode = server.stop() ? ExitCode.OK : ExitCode.FAILURE;
            LOG.info("stopped: exit={}", exitCode);
        } catch (RuntimeException | InterruptedException e) {
            LOG.error("the stop failed", e);
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }

    private ServerConfig configured() throws CommandFailure {
        ConfigLoader loader = configuration.loader(System.getenv());
        option(loader, ConfigKeys.HTTP_PORT, port, "--port");
        option(loader, ConfigKeys.HTTP_HOST, host, "--host");
        option(loader, ConfigKeys.DATA_DIR, data, "--data");
        option(loader, ConfigKeys.RATE_LIMIT_REQUESTS, rateLimit, "--rate-limit");
        option(loader, ConfigKeys.DURABILITY, durability, "--durability");
        try {
            return ServerConfig.of(loader.resolve());
        } catch (ConfigException e) {
            throw CommandFailure.of(e);
        }
    }

    private static void option(ConfigLoader loader, ConfigKey<?> key, @Nullable String text, String option) {
        if (text != null) {
            loader.option(key, text, option);
        }
    }
}
