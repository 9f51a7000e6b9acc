package io.metricstream.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.NanoClock;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The thread that follows a log while it is written. */
final class JsonLinesFollowerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CrashingDisk disk = new CrashingDisk(Path.of("/disk"));
    private final Path file = Path.of("/disk/metrics.jsonl");
    private TestLog log;
    private JsonLinesFollower follower;

    @BeforeEach
    void open() throws StorageFailure {
        log = TestLog.open(disk, Path.of("/disk/data"));
    }

    @AfterEach
    void close() throws Exception {
        disk.capacityBytes(Long.MAX_VALUE);
        follower.stop(PATIENCE);
        log.close();
    }

    private void follow() throws StorageFailure {
        follower = new JsonLinesFollower(
                new JsonLinesConfig(Optional.of(file), 0, 1), log.followed(), registry, NanoClock.system());
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

    private String written() {
        return disk.exists(file) ? new String(disk.read(file), StandardCharsets.UTF_8) : "";
    }

    /** Room for a few lines more. */
    private void fillDisk() {
        disk.capacityBytes(
                disk.files().values().stream().mapToLong(bytes -> bytes.length).sum() + 300);
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
        fillDisk();
        log.fill(50);
        await("the full disk is counted", () -> failures() > 0);
        await("nothing is left of the attempt", () -> written().equals(before));
        assertThat(lag()).isPositive();
        disk.capacityBytes(Long.MAX_VALUE);
        awaitWritten();
    }

    @Test
    void triesAgainAfterAnyOtherFailure() throws Exception {
        follow();
        log.fill(50);
        awaitWritten();
        disk.fail(CrashingDisk.Call.WRITE, file.toString());
        log.fill(50);
        await("the failure is counted", () -> failures() > 0);
        awaitWritten();
    }

    @Test
    void stopsInTimeWhereTheFileCannotBeWritten() throws Exception {
        follow();
        log.fill(10);
        awaitWritten();
        fillDisk();
        log.fill(50);
        await("the full disk is counted", () -> failures() > 0);
        assertThat(follower.stop(PATIENCE)).isFalse();
        disk.capacityBytes(Long.MAX_VALUE);
        follow();
        awaitWritten();
    }
}
