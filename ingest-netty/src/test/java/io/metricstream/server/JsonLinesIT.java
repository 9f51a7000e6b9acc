package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON Lines file of the real server is, line by line, what an export gives: after kills, and after a full disk. */
final class JsonLinesIT {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int BALLAST_BYTES = 8 << 20;

    @TempDir
    private Path folder;

    private ServerProcess start(Path data, Path file, String rotateBytes) throws IOException, InterruptedException {
        return ServerProcess.start(
                        data,
                        folder.resolve("server.log"),
                        "--rate-limit",
                        "0",
                        "--set",
                        "jsonl.path=" + file,
                        "--set",
                        "jsonl.rotate-bytes=" + rotateBytes,
                        "--set",
                        "jsonl.keep=1000")
                .awaitReady();
    }

    /** The rotated files from the oldest, then the file. */
    private static String written(Path file) throws IOException {
        List<Path> newestFirst = new ArrayList<>();
        for (Path at = file;
                Files.exists(at);
                at = file.resolveSibling(file.getFileName() + "." + newestFirst.size())) {
            newestFirst.add(at);
        }
        Collections.reverse(newestFirst);
        var text = new StringBuilder();
        for (Path path : newestFirst) {
            text.append(Files.readString(path));
        }
        return text.toString();
    }

    /** The same lines, each once; after a stop an export has them by series and time. */
    private static void assertSame(String written, String exported) {
        // Not with a message of both texts, which are long.
        assertThat(written.length()).isEqualTo(exported.length());
        assertThat(written.lines()
                        .sorted()
                        .toList()
                        .equals(exported.lines().sorted().toList()))
                .as("same lines")
                .isTrue();
    }

    @Test
    void holdsEveryLineOnceAfterEveryKill() throws Exception {
        System.out.println("JsonLinesIT: seed=" + SEED);
        var random = new Random(SEED);
        Path data = folder.resolve("data");
        Path file = folder.resolve("out/metrics.jsonl");
        var client = new NumberedClient(0, SEED);
        for (int round = 0; round < 3; round++) {
            try (ServerProcess server = start(data, file, "500k")) {
                var thread = new Thread(() -> client.loadUntilGone(server), "client");
                thread.start();
                LockSupport.parkNanos(200_000_000L + random.nextInt(800_000_000));
                server.kill();
                thread.join();
            }
        }
        Path rotatedTwice = file.resolveSibling("metrics.jsonl.2");
        try (ServerProcess server = start(data, file, "500k")) {
            // How much came before the kills is up to the machine.
            long deadline = System.nanoTime() + 60_000_000_000L;
            do {
                client.postOne(server);
                assertThat(System.nanoTime()).as("the file is rotated twice").isLessThan(deadline);
            } while (Files.notExists(rotatedTwice));
            assertThat(server.terminate()).isZero();
        }
        assertSame(written(file), ExportProcess.lines(data));
        NumberedClient.check(List.of(client), data, "at the end");
    }

    @Test
    void waitsForRoomWithoutTouchingWrites() throws Exception {
        Path data = folder.resolve("data");
        var client = new NumberedClient(0, SEED);
        try (LoopDisk disk = LoopDisk.create(folder, "disk", 24)) {
            Path ballast = disk.mount.resolve("ballast");
            Files.write(ballast, new byte[BALLAST_BYTES]);
            Path file = disk.mount.resolve("metrics.jsonl");
            try (ServerProcess server = start(data, file, "0")) {
                while (server.scrape("metricstream_jsonl_failures_total") == 0) {
                    for (int i = 0; i < 100; i++) {
                        assertThat(client.postOne(server).statusCode()).isEqualTo(200);
                    }
                }
                assertThat(server.get("/ready").statusCode()).isEqualTo(200);
                assertThat(server.scrape("metricstream_jsonl_lag_bytes")).isPositive();
                for (int i = 0; i < 50; i++) {
                    assertThat(client.postOne(server).statusCode()).isEqualTo(200);
                }
                Files.delete(ballast);
                long deadline = System.nanoTime() + 30_000_000_000L;
                while (server.scrape("metricstream_jsonl_lag_bytes") > 0) {
                    assertThat(System.nanoTime()).as("the file catches up").isLessThan(deadline);
                    LockSupport.parkNanos(50_000_000L);
                }
                assertThat(server.terminate()).isZero();
            }
            assertSame(written(file), ExportProcess.lines(data));
        }
    }
}
