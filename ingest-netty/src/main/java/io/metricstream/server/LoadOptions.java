package io.metricstream.server;

import io.metricstream.config.ValueKind;
import io.metricstream.load.FleetPlan;
import io.metricstream.load.LoadPlan;
import io.metricstream.load.Stage;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code load}, and the plan they make. All that is wrong with them is told at once. */
@OwnedBy(Role.MAIN)
final class LoadOptions {
    private static final ValueKind<Integer> CONNECTIONS = ValueKind.integer(1, 20_000);
    private static final ValueKind<Integer> CLIENTS = ValueKind.integer(1, 10_000);
    private static final ValueKind<Integer> RATE = ValueKind.integer(1, 10_000_000);
    private static final ValueKind<Integer> BATCH = ValueKind.integer(1, 100_000);
    private static final ValueKind<Integer> HOSTS = ValueKind.integer(1, 100_000);
    private static final ValueKind<Integer> SEED = ValueKind.integer(0, Integer.MAX_VALUE);
    private static final ValueKind<Duration> DURATION = ValueKind.duration("100ms", "7d");
    private static final ValueKind<Duration> WARM_UP = ValueKind.duration("0", "1h");
    private static final ValueKind<Duration> TIMEOUT = ValueKind.duration("100ms", "1h");

    private static final int RUN_ID_BYTES = 4;

    @Option(names = "--url", paramLabel = "URL", description = "The server; default http://localhost:8080.")
    private String url = "http://localhost:8080";

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Connections kept open, each with one request under way; default 16.")
    private String connections = "16";

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "Clients (Authorization values) that the requests are spread over; default one a connection.")
    private @Nullable String clients;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Requests a second over all connections; without it as many as can be.")
    private @Nullable String rate;

    @Option(names = "--duration", paramLabel = "D", description = "How long, for each step; default 10s.")
    private String duration = "10s";

    @Option(
            names = "--warm-up",
            paramLabel = "D",
            description = "How long to send before, for this program and the server to become fast; default 0.")
    private String warmUp = "0";

    @Option(names = "--batch", paramLabel = "B", description = "Samples a request; default 1000.")
    private String batch = "1000";

    @Option(names = "--hosts", paramLabel = "H", description = "Hosts of the fleet, each with 16 series; default 1000.")
    private String hosts = "1000";

    @Option(names = "--seed", paramLabel = "S", description = "Another one gives other values; default 1.")
    private String seed = "1";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The key of a client, sent as Bearer; may be given again. Others on this machine can see it,"
                    + " unlike those in --key-file.")
    private List<String> keys = List.of();

    @Option(names = "--key-file", paramLabel = "FILE", description = "A file with one key a line.")
    private @Nullable Path keyFile;

    @Option(names = "--gzip", description = "Compress the bodies.")
    private boolean gzip;

    @Option(
            names = "--retry",
            description = "Send what was answered 429 or 503 again, after the time that the answer asks for.")
    private boolean retry;

    @Option(names = "--timeout", paramLabel = "D", description = "How long to wait for an answer; default 10s.")
    private String timeout = "10s";

    @Option(
            names = "--rps-steps",
            paramLabel = "R",
            split = ",",
            description = "Several rates, one after the other, with a row for each: 100,500,1000,...")
    private List<String> steps = List.of();

    private final OptionProblems problems = new OptionProblems();

    boolean isStaircase() {
        return !steps.isEmpty();
    }

    LoadPlan plan() throws CommandFailure {
        URI server = problems.value("--url", url, ServerKinds.PLAIN, URI.create("http://localhost"));
        int connectionCount = problems.value("--connections", connections, CONNECTIONS, 1);
        List<String> givenKeys = givenKeys();
        if (!givenKeys.isEmpty() && clients != null) {
            problems.add("--clients: found with keys, of which each is a client; wanted one or the other");
        }
        int clientCount =
                clients == null ? Math.min(connectionCount, 10_000) : problems.value("--clients", clients, CLIENTS, 1);
        List<Stage> stages = stages();
        var fleet = new FleetPlan(problems.value("--hosts", hosts, HOSTS, 1), problems.value("--seed", seed, SEED, 1));
        int samplesPerRequest = problems.value("--batch", batch, BATCH, 1);
        Duration warmUpTime = problems.value("--warm-up", warmUp, WARM_UP, Duration.ZERO);
        Duration patience = problems.value("--timeout", timeout, TIMEOUT, Duration.ofSeconds(1));
        problems.tell();
        return new LoadPlan(
                server,
                givenKeys.isEmpty() ? namesOfThisRun(clientCount) : givenKeys,
                !givenKeys.isEmpty(),
                connectionCount,
                fleet,
                samplesPerRequest,
                gzip,
                retry,
                patience,
                warmUpTime,
                stages);
    }

    private List<Stage> stages() {
        Duration each = problems.value("--duration", duration, DURATION, Duration.ofSeconds(1));
        if (steps.isEmpty()) {
            return List.of(new Stage(rate == null ? 0 : problems.value("--rate", rate, RATE, 1), each));
        }
        if (rate != null) {
            problems.add("--rate: found with --rps-steps, wanted one or the other");
        }
        return steps.stream()
                .map(step -> new Stage(problems.value("--rps-steps", step, RATE, 1), each))
                .toList();
    }

    /** The {@code Authorization} values of the keys, each once. */
    private List<String> givenKeys() {
        Set<String> values = new LinkedHashSet<>();
        keys.forEach(key -> addKey("--key", key, values));
        if (keyFile != null) {
            try {
                Files.readAllLines(keyFile).stream()
                        .filter(line -> !line.isBlank())
                        .forEach(line -> addKey("--key-file", line, values));
                if (values.isEmpty()) {
                    problems.add("--key-file: found no key in " + keyFile + ", wanted one a line");
                }
            } catch (IOException e) {
                problems.add("--key-file: cannot be read: " + e);
            }
        }
        return List.copyOf(values);
    }

    /** A key that is refused is not shown. */
    private void addKey(String option, String text, Set<String> into) {
        Optional<String> key = ServerKinds.KEY.parse().apply(text);
        if (key.isEmpty()) {
            problems.add(option + ": found something else, wanted " + ServerKinds.KEY.wanted());
        } else {
            into.add("Bearer " + key.get());
        }
    }

    /** Names that no other run and nobody else uses, so that the server counts this run's samples apart. */
    private static List<String> namesOfThisRun(int count) {
        byte[] id = new byte[RUN_ID_BYTES];
        new SecureRandom().nextBytes(id);
        String run = "load-" + HexFormat.of().formatHex(id) + "-";
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(run + i);
        }
        return names;
    }
}
