package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.server.CommandsTest.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code metricstream load} against the real server. */
final class LoadIT {
    /** A limit for each client that a run with one client exceeds. */
    private static final String LIMIT = "100";

    @TempDir
    private static Path shared;

    private static ServerProcess server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(shared.resolve("data"), shared.resolve("log"), "--rate-limit", LIMIT)
                .awaitReady();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Run load(ServerProcess of, String... options) {
        var args = new ArrayList<>(List.of("load", "--url", "http://127.0.0.1:" + of.port));
        args.addAll(List.of(options));
        return CommandsTest.run(args.toArray(String[]::new));
    }

    private static void matches(Run run) {
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(lastLine(run)).matches("acknowledged [1-9][0-9,]* samples, the server counts [1-9][0-9,]*: match.*");
    }

    private static String lastLine(Run run) {
        return run.out().lines().reduce("", (before, line) -> line);
    }

    /** The number in the line of the table that begins so; 0 where there is none. */
    private static long count(Run run, String line) {
        return run.out()
                .lines()
                .filter(l -> l.startsWith(line))
                .map(l -> l.substring(line.length()).strip().replaceFirst(" .*", ""))
                .mapToLong(number -> Long.parseLong(number.replace(",", "")))
                .sum();
    }

    private static long stored(ServerProcess of) throws IOException, InterruptedException {
        return JsonMapper.shared()
                .readTree(of.get("/metrics").body())
                .path("metrics_stored")
                .asLong();
    }

    private static void awaitMoreStored(ServerProcess of, long than) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (stored(of) <= than) {
            assertThat(System.nanoTime()).as("nothing was stored").isLessThan(deadline);
            LockSupport.parkNanos(20_000_000L);
        }
    }

    @Test
    void flatOutWhatIsAcknowledgedIsCounted() {
        Run run = load(server, "--duration", "1s", "--gzip", "--batch", "500", "--connections", "4");
        matches(run);
        assertThat(run.out()).startsWith("flat out: connections=4, clients=4, samples-a-request=500, series=16000");
        assertThat(count(run, "samples acknowledged")).isEqualTo(500 * count(run, "200 stored"));
        assertThat(run.out()).doesNotContain("corrected");
    }

    @Test
    void atARateAsManyRequestsAreSentAsAreDue() {
        Run run = load(server, "--rate", "40", "--duration", "1s", "--batch", "10", "--seed", "7", "--hosts", "20");
        matches(run);
        assertThat(count(run, "requests sent") + count(run, "due but not sent")).isEqualTo(40);
        assertThat(run.out()).contains("corrected, from due time").contains("series=320, seed=7");
    }

    @Test
    void refusalsOverALimitAreCountedAndMatchToo() {
        Run run = load(server, "--clients", "1", "--batch", "1", "--duration", "1s");
        matches(run);
        assertThat(count(run, "429 over a limit")).isPositive();
        // Two windows of a second touch a run of one second and what comes until its last answer.
        assertThat(count(run, "200 stored")).isBetween(1L, 20 * Long.parseLong(LIMIT));
        assertThat(run.out()).contains("first answer 429: {\"error\":\"over the limit of 100 requests per second\"");
    }

    @Test
    void aStaircasePrintsARowForEachStep() {
        Run run = load(server, "--rps-steps", "20,40", "--duration", "500ms", "--batch", "10");
        matches(run);
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0).strip()).startsWith("target/s");
        assertThat(lines.get(1).strip().split(" +")).hasSize(11).startsWith("20");
        assertThat(lines.get(2).strip().split(" +")).hasSize(11).startsWith("40");
    }

    @Test
    void whatOthersWriteIsToldApart() throws Exception {
        var done = new AtomicBoolean();
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                try {
                    server.post("/metrics", "{\"metrics\":[{\"name\":\"other\",\"value\":1}]}");
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                LockSupport.parkNanos(20_000_000L);
            }
        });
        Run run = load(server, "--duration", "1s", "--batch", "10", "--rate", "50");
        done.set(true);
        other.join();
        matches(run);
        assertThat(lastLine(run)).contains("that other clients sent meanwhile");
    }

    @Test
    void aSignalEndsTheLoadWithAReport() throws Exception {
        long before = stored(server);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.metricstream.server.Main",
                "load",
                "--url",
                "http://127.0.0.1:" + server.port,
                "--rate",
                "50",
                "--batch",
                "10",
                "--duration",
                "1h");
        try (Launch load = Launch.run(folder, folder.resolve("out"), command)) {
            awaitMoreStored(server, before);
            load.process.destroy();
            assertThat(load.exitCode()).as(load.said()).isZero();
            assertThat(load.said()).contains("requests sent", "latency in ms", "stopped early, as asked", ": match");
        }
    }

    @Test
    void aServerThatIsKilledIsReported() throws Exception {
        try (ServerProcess killed = ServerProcess.start(folder.resolve("data"), folder.resolve("log"))
                .awaitReady()) {
            CompletableFuture<Run> running = CompletableFuture.supplyAsync(
                    () -> load(killed, "--rate", "100", "--batch", "10", "--duration", "1h"));
            awaitMoreStored(killed, 0);
            killed.kill();
            Run run = running.join();
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out())
                    .contains("stopped early: no connection to the server for 5 s")
                    .contains("first no connection: ")
                    .contains("connections refused");
            assertThat(lastLine(run))
                    .contains("samples, but nothing could be compared: cannot reach http://127.0.0.1:" + killed.port);
        }
    }

    @Test
    void keysAreSentAndTheirClientsCompared() throws Exception {
        Path file = folder.resolve("keys.json");
        List<String> keys = new ArrayList<>();
        for (String name : List.of("one", "two")) {
            keys.add(CommandsTest.run("keys", "add", name, "--role", "write,read", "--file", file.toString())
                    .out()
                    .strip());
        }
        String writeOnly = CommandsTest.run("keys", "add", "w", "--file", file.toString())
                .out()
                .strip();
        Path keyFile = Files.write(folder.resolve("keys"), keys);
        String[] options = {"--set", "auth.mode=keys", "--set", "auth.file=" + file};
        try (ServerProcess guarded = ServerProcess.start(folder.resolve("data"), folder.resolve("log"), options)
                .authorization(keys.get(0))
                .awaitReady()) {
            Run run = load(guarded, "--key-file", keyFile.toString(), "--duration", "500ms", "--batch", "10");
            matches(run);
            assertThat(run.out()).contains("clients=2");
            Run without = load(guarded, "--duration", "500ms");
            assertThat(without.exitCode()).isEqualTo(1);
            assertThat(without.err()).contains("was answered 401, wanted 200").contains("--key-file");
            Run blind = load(guarded, "--key", writeOnly, "--duration", "500ms");
            assertThat(blind.exitCode()).isEqualTo(1);
            assertThat(blind.err()).contains("was answered 403").contains("write and read");
        }
    }
}
