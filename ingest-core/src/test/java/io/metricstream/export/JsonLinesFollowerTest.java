package io.metricstream.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.NanoClock;
import io.metricstream.storage.Disk;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thread that follows a log while it is written. */
final class JsonLinesFollowerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    /** The kind of failure that calls on the file end with. */
    private final AtomicReference<String> trouble = new AtomicReference<>("");

    private Path file;
    private TestLog log;
    private JsonLinesFollower follower;

    @BeforeEach
    void open() throws StorageFailure {
        file = folder.resolve("metrics.jsonl");
        log = TestLog.open(folder.resolve("data"));
    }

    @AfterEach
    void close() throws Exception {
        trouble.set("");
        follower.stop(PATIENCE);
        log.close();
    }

    private void follow() {
        Disk disk = FaultyDisk.with((call, path) -> {
            if (path.equals(file) && call.equals("write") && trouble.get().equals("full")) {
                throw new StorageFailure.DiskFull(path, call);
            }
            if (path.equals(file) && trouble.get().equals(call)) {
                throw new StorageFailure.Io(path, call);
            }
        });
        follower = new JsonLinesFollower(
                new JsonLinesConfig(Optional.of(file), 0, 1), log.followed(disk), registry, NanoClock.system());
        follower.start();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(5_000_000L);
        }
    }

    private void awaitWritten() throws Exception {
        await("all is written", () -> written().equals(log.lines()));
    }

    private String written() throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private double failures() {
        return registry.get("metricstream.jsonl.failures").counter().count();
    }

    private double lag() {
        return registry.get("metricstream.jsonl.lag").gauge().value();
    }

    @Test
    void writesSamplesAsTheyBecomeDurable() throws Exception {
        follow();
        for (int i = 0; i < 5; i++) {
            log.fill(200);
            awaitWritten();
        }
        await("no lag is left", () -> lag() == 0);
        log.fill(200);
        assertThat(follower.stop(PATIENCE)).isTrue();
        assertThat(written()).isEqualTo(log.lines());
        assertThat(registry.get("metricstream.jsonl.samples").counter().count())
                .isEqualTo((double) written().lines().count());
        assertThat(failures()).isZero();
    }

    @Test
    void waitsForRoomOnAFullDisk() throws Exception {
        follow();
        log.fill(50);
        awaitWritten();
        String before = written();
        trouble.set("full");
        log.fill(50);
        await("the full disk is counted", () -> failures() > 0);
        assertThat(written()).isEqualTo(before);
        assertThat(lag()).isPositive();
        trouble.set("");
        awaitWritten();
    }

    @Test
    void triesAgainAfterAnyOtherFailure() throws Exception {
        follow();
        log.fill(50);
        awaitWritten();
        trouble.set("write");
        log.fill(50);
        await("the failure is counted", () -> failures() > 0);
        trouble.set("");
        awaitWritten();
        assertThat(new RealDisk().exists(file)).isTrue();
    }

    @Test
    void stopsInTimeWhereTheFileCannotBeWritten() throws Exception {
        follow();
        trouble.set("full");
        log.fill(50);
        await("the full disk is counted", () -> failures() > 0);
        assertThat(follower.stop(PATIENCE)).isFalse();
        trouble.set("");
        follow();
        awaitWritten();
    }
}
