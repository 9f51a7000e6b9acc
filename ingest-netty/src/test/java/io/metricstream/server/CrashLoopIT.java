package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the real server, or cuts the power of its disk, at random moments under load, and looks for every acknowledged
 * sample. Short by default; {@code -Dcrash.rounds=300} makes the long run of kills, {@code -Dpowercut.rounds} of cuts.
 */
final class CrashLoopIT {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int CLIENTS = 4;

    @TempDir
    private Path folder;

    private final List<NumberedClient> clients = new ArrayList<>();

    private long run(Path data, int rounds) throws Exception {
        var random = new Random(SEED);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new NumberedClient(i, SEED));
        }
        long acknowledged = 0;
        for (int round = 0; round < rounds; round++) {
            loadAndKill(data, random);
            acknowledged = NumberedClient.check(clients, data, "after kill " + round);
        }
        return acknowledged;
    }

    private void loadAndKill(Path data, Random random) throws Exception {
        Path output = folder.resolve("server.log");
        // With so little memory there are flushes, new log epochs and merges all the time.
        try (ServerProcess server = ServerProcess.start(
                        data,
                        output,
                        "--rate-limit",
                        "0",
                        "--set",
                        "head.max-bytes=1MiB",
                        "--set",
                        "wal.segment=256KiB")
                .awaitReady()) {
            List<Thread> threads = new ArrayList<>();
            for (NumberedClient client : clients) {
                var thread = new Thread(() -> client.loadUntilGone(server), "client");
                threads.add(thread);
                thread.start();
            }
            LockSupport.parkNanos(100_000_000L + random.nextInt(900_000_000));
            server.kill();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void findsEveryAcknowledgedSampleAndNoOtherAfterEveryKill() throws Exception {
        int rounds = Integer.getInteger("crash.rounds", 6);
        Path data = folder.resolve("data");
        System.out.println("CrashLoopIT: kills=" + rounds + ", seed=" + SEED);
        assertThat(run(data, rounds)).isPositive();
        try (ServerProcess server =
                ServerProcess.start(data, folder.resolve("last.log")).awaitReady()) {
            assertThat(server.scrape("metricstream_store_parts")).isPositive();
            assertThat(server.terminate()).isZero();
        }
        assertThat(data.resolve("wal")).as("a stop leaves parts only").isEmptyDirectory();
        System.out.println(
                "CrashLoopIT: kills=" + rounds + ", acknowledged=" + NumberedClient.check(clients, data, "at the end"));
    }

    @Test
    void findsEveryAcknowledgedSampleAfterARealPowerCut() throws Exception {
        int rounds = Integer.getInteger("powercut.rounds", 2);
        System.out.println("CrashLoopIT: power cuts=" + rounds + ", seed=" + SEED);
        var random = new Random(SEED);
        for (int round = 0; round < rounds; round++) {
            clients.clear();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new NumberedClient(i, SEED + round));
            }
            try (LoopDisk disk = LoopDisk.create(folder, "disk" + round, 400)) {
                loadAndKill(disk.mount.resolve("data"), random);
                try (LoopDisk after = disk.cutPower(folder, "after" + round)) {
                    Path data = after.mount.resolve("data");
                    try (ServerProcess server = ServerProcess.start(data, folder.resolve("last.log"))
                            .awaitReady()) {
                        assertThat(server.terminate()).isZero();
                    }
                    long acknowledged = NumberedClient.check(clients, data, "after power cut " + round);
                    assertThat(acknowledged).isPositive();
                    System.out.println("CrashLoopIT: power cut " + round + ", acknowledged=" + acknowledged);
                }
            }
        }
    }
}
