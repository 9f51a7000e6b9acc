package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fills a small real disk: writes are refused honestly, nothing is lost, and writing resumes without a restart. */
final class DiskFullIT {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long RESERVE_BYTES = 6 << 20;

    @TempDir
    private Path folder;

    private final NumberedClient client = new NumberedClient(0, SEED);
    private int starts;

    /** With so much memory that the log fills the disk before it becomes parts, which are much smaller. */
    private ServerProcess start(Path data) throws IOException {
        return ServerProcess.start(
                data,
                folder.resolve("server" + starts++ + ".log"),
                "--rate-limit",
                "0",
                "--set",
                "wal.segment=1MiB",
                "--set",
                "head.max-bytes=128MiB",
                "--set",
                "disk.reserve=6MiB");
    }

    @Test
    void keepsItsReserveForAllButTheLog() throws Exception {
        System.out.println("DiskFullIT: seed=" + SEED);
        try (LoopDisk disk = LoopDisk.create(folder, "disk", 40)) {
            Path data = disk.mount.resolve("data");
            Path filler = disk.mount.resolve("filler");
            try (ServerProcess server = start(data).awaitReady()) {
                for (int i = 0; i < 500; i++) {
                    assertThat(client.postOne(server).statusCode()).isEqualTo(200);
                }
                fillUpTo(RESERVE_BYTES - (1 << 20), filler);
                await(() -> refused(client.postOne(server)));
                HttpResponse<String> ready = server.get("/ready");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).contains("disk_full", "disk.reserve");
                assertThat(server.get("/health").statusCode()).isEqualTo(200);
                answersAndTidiesUp(server, data);

                Files.delete(filler);
                await(() -> client.postOne(server).statusCode() == 200);
                assertThat(server.get("/ready").statusCode()).isEqualTo(200);
                server.kill();
            }
            assertThat(NumberedClient.check(List.of(client), data, "after a kill"))
                    .isPositive();
        }
    }

    /** What frees space goes on: memory becomes parts and its log goes, deletions and snapshots are made. */
    private static void answersAndTidiesUp(ServerProcess server, Path data) throws Exception {
        await(() -> server.scrape("metricstream_store_parts") > 0);
        assertThat(server.get("/api/v1/series?match%5B%5D=numbered").body()).contains("\"part\":\"0\"");
        assertThat(server.post("/api/v1/admin/tsdb/delete_series?match%5B%5D=nothing", "")
                        .statusCode())
                .isEqualTo(204);
        assertThat(server.post("/api/v1/admin/tsdb/snapshot", "").statusCode()).isEqualTo(200);
        try (Stream<Path> segments = Files.list(data.resolve("wal"))) {
            assertThat(segments.count()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void makesItselfRoomWhereTheLogHasFilledTheDisk() throws Exception {
        try (LoopDisk disk = LoopDisk.create(folder, "disk", 24)) {
            Path data = disk.mount.resolve("data");
            try (ServerProcess server = start(data).awaitReady()) {
                for (int round = 0; round < 2; round++) {
                    await(() -> refused(client.postOne(server)));
                    assertThat(Files.getFileStore(data).getUsableSpace()).isGreaterThan(RESERVE_BYTES / 2);
                    await(() -> client.postOne(server).statusCode() == 200);
                }
                server.checkConservation();
                server.kill();
            }
            assertThat(NumberedClient.check(List.of(client), data, "after a kill"))
                    .isPositive();
        }
    }

    @Test
    void startsOnAFullDiskAndLeavesNothingBehind() throws Exception {
        try (LoopDisk disk = LoopDisk.create(folder, "disk", 40)) {
            Path data = disk.mount.resolve("data");
            Path filler = disk.mount.resolve("filler");
            try (ServerProcess server = start(data).awaitReady()) {
                for (int i = 0; i < 300; i++) {
                    assertThat(client.postOne(server).statusCode()).isEqualTo(200);
                }
                fillAtOnce(filler);
                await(() -> refused(client.postOne(server)));
                await(() -> server.scrape("metricstream_store_failures_total") > 1);
                server.kill();
            }
            NumberedClient.check(List.of(client), data, "while full");
            try (ServerProcess server = start(data)) {
                await(() -> server.get("/ready").body().contains("disk_full"));
                assertThat(server.get("/api/v1/series?match%5B%5D=numbered").body())
                        .contains("\"part\":\"0\"");
                Files.delete(filler);
                await(() -> client.postOne(server).statusCode() == 200);
                await(() -> server.scrape("metricstream_store_parts") > 0);
                assertThat(server.terminate()).isZero();
            }
            NumberedClient.check(List.of(client), data, "after a stop");
            try (Stream<Path> files = Files.walk(data)) {
                assertThat(files).noneMatch(path -> path.toString().endsWith(".tmp"));
            }
        }
    }

    /** So fast that the server has no time to make parts meanwhile. */
    private static void fillAtOnce(Path filler) throws IOException {
        Files.createFile(filler);
        long all = Files.getFileStore(filler).getUsableSpace();
        Process fallocate = new ProcessBuilder("fallocate", "-l", String.valueOf(all - (256 << 10)), filler.toString())
                .inheritIO()
                .start();
        assertThat(fallocate.onExit().join().exitValue()).isZero();
        fillUpTo(0, filler);
    }

    /** Writes more until no more than this is free. */
    private static void fillUpTo(long freeBytes, Path filler) throws IOException {
        byte[] piece = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (Files.getFileStore(filler).getUsableSpace() > freeBytes) {
                out.write(piece);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    /** Whether a write was refused, which must be said with 503 and Retry-After. */
    private static boolean refused(HttpResponse<String> answer) {
        if (answer.statusCode() == 200) {
            return false;
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).contains("disk_full");
        assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElse("0")))
                .isPositive();
        return true;
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(100_000L);
        }
    }
}
