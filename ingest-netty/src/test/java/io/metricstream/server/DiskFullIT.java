package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fills a small real disk: writes are refused honestly, nothing is lost, and writing resumes without a restart. */
final class DiskFullIT {
    private static final int BALLAST_BYTES = 8 << 20;

    @TempDir
    private Path folder;

    @Test
    void refusesWhileTheDiskIsFullAndResumesWhenSpaceReturns() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("DiskFullIT: seed=" + seed);
        var client = new NumberedClient(0, seed);
        try (LoopDisk disk = LoopDisk.create(folder, "disk", 24)) {
            Path ballast = disk.mount.resolve("ballast");
            Files.write(ballast, new byte[BALLAST_BYTES]);
            Path data = disk.mount.resolve("data");
            // With so much memory the log fills the disk before it becomes parts, which are much smaller.
            try (ServerProcess server = ServerProcess.start(
                            data,
                            folder.resolve("server.log"),
                            "--rate-limit",
                            "0",
                            "--set",
                            "wal.segment=1MiB",
                            "--set",
                            "head.max-bytes=128MiB")
                    .awaitReady()) {
                fill(client, server);
                assertThat(server.get("/ready").statusCode()).isEqualTo(503);
                assertThat(server.get("/ready").body()).contains("disk");
                assertThat(server.get("/health").statusCode()).isEqualTo(200);
                NumberedClient.check(List.of(client), data, "while full");

                Files.delete(ballast);
                awaitStored(client, server);
                assertThat(server.get("/ready").statusCode()).isEqualTo(200);
                fill(client, server);
                server.checkConservation();
                server.kill();
            }
            assertThat(NumberedClient.check(List.of(client), data, "after a kill on the full disk"))
                    .isPositive();
        }
    }

    /** Posts until the disk is full, which must be said with 503 and Retry-After. */
    private static void fill(NumberedClient client, ServerProcess server) throws IOException, InterruptedException {
        for (int i = 0; i < 100_000; i++) {
            HttpResponse<String> answer = client.postOne(server);
            if (answer.statusCode() != 200) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(answer.body()).contains("disk_full");
                assertThat(Integer.parseInt(
                                answer.headers().firstValue("Retry-After").orElse("0")))
                        .isPositive();
                return;
            }
        }
        throw new AssertionError("the disk never filled");
    }

    private static void awaitStored(NumberedClient client, ServerProcess server)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (client.postOne(server).statusCode() != 200) {
            assertThat(System.nanoTime()).as("writing resumes").isLessThan(deadline);
            LockSupport.parkNanos(50_000_000L);
        }
    }
}
