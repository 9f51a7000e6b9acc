package io.metricstream.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.NanoClock;
import io.metricstream.storage.Disk;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.WalPosition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that write what there is and end, with kills in between. */
final class JsonLinesRunTest {
    private static final int MANY = 100;
    /** A kill leaves what is in the page cache, so that nothing has to be forced for it. */
    private static final Disk UNFORCED = FaultyDisk.unforced((call, path) -> {});

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private JsonLinesStatus status;
    private Path file;
    private TestLog log;

    @BeforeEach
    void open() throws StorageFailure {
        file = folder.resolve("out/metrics.jsonl");
        log = TestLog.open(folder.resolve("data"));
    }

    @AfterEach
    void close() throws StorageFailure {
        log.close();
    }

    private void run(Disk disk, int rotateBytes, int keep) throws StorageFailure {
        run(disk, rotateBytes, keep, Long.MAX_VALUE);
    }

    private void run(Disk disk, int rotateBytes, int keep, long logEnd) throws StorageFailure {
        FollowedLog followed = log.followed(disk);
        status = new JsonLinesStatus(followed, registry);
        var following = new JsonLinesRun.Following(
                new JsonLinesConfig(Optional.of(file), rotateBytes, keep),
                followed,
                followed.retention().hold(WalPosition.START),
                status,
                NanoClock.system(),
                () -> true);
        try (JsonLinesRun run = JsonLinesRun.open(following, logEnd)) {
            run.follow();
        }
    }

    private void run() throws StorageFailure {
        run(new RealDisk(), 0, 1);
    }

    private Path rotated(int number) {
        return file.resolveSibling("metrics.jsonl." + number);
    }

    /** The rotated files from the oldest, then the file. */
    private String written() throws IOException {
        var text = new StringBuilder();
        for (int i = MANY; i >= 1; i--) {
            text.append(Files.exists(rotated(i)) ? Files.readString(rotated(i)) : "");
        }
        return text.append(Files.exists(file) ? Files.readString(file) : "").toString();
    }

    @Test
    void writesTheLogInItsOrderAndGoesOnWhereItWasLeft() throws Exception {
        run();
        assertThat(file).isEmptyFile();
        log.fill(500);
        run();
        assertThat(written()).isEqualTo(log.lines()).hasLineCount(1250);
        run();
        log.fill(100);
        run();
        assertThat(written()).isEqualTo(log.lines()).hasLineCount(1500);
        assertThat(registry.get("metricstream.jsonl.samples").counter().count()).isEqualTo(1500);
        assertThat(status.lagBytes()).isZero();
    }

    @Test
    void leavesWhatIsNotDurableForLater() throws Exception {
        log.fill(10);
        String durable = log.lines();
        log.wal().appendSamples(new int[] {0}, new long[] {5}, new double[] {5}, 1);
        log.wal().idle();
        run();
        assertThat(written()).isEqualTo(durable);
        log.commit();
        run();
        assertThat(written()).isEqualTo(log.lines()).hasLineCount(24);
    }

    @Test
    void goesOnAfterARestartOfTheLog() throws Exception {
        log.fill(300);
        run();
        log.close();
        log = TestLog.open(log.folder);
        run();
        log.fill(300);
        run();
        assertThat(written()).isEqualTo(log.lines()).hasLineCount(1500);
    }

    @Test
    void rotatesBySizeAndKeepsTheNewest() throws Exception {
        log.fill(400);
        run(new RealDisk(), 10_000, MANY);
        String all = written();
        assertThat(all).isEqualTo(log.lines());
        assertThat(Files.size(rotated(1))).isBetween(10_000L, 10_500L);
        assertThat(rotated(9)).exists();

        log.fill(400);
        run(new RealDisk(), 10_000, 3);
        assertThat(rotated(3)).exists();
        assertThat(rotated(4)).doesNotExist();
        assertThat(log.lines()).endsWith(written());
        run(new RealDisk(), 1, 1);
        log.fill(1);
        run(new RealDisk(), 1, 1);
        assertThat(rotated(2)).doesNotExist();
        assertThat(log.lines()).endsWith(written());
    }

    /** Every call on files is the last one once; then a new start makes good. */
    @Test
    void losesAndRepeatsNothingWhereverAKillComes() throws Exception {
        boolean survived = false;
        for (int calls = 0; !survived; calls++) {
            try (TestLog fresh = TestLog.open(folder.resolve("data" + calls))) {
                log.close();
                log = fresh;
                file = folder.resolve("out" + calls).resolve("metrics.jsonl");
                log.fill(20);
                run(UNFORCED, 2000, MANY);
                log.fill(20);
                survived = survives(calls);
                run(UNFORCED, 2000, MANY);
                assertThat(written()).as("after a kill at call %d", calls).isEqualTo(log.lines());
            }
        }
        assertThat(rotated(4)).exists();
    }

    private boolean survives(int lastCall) throws Exception {
        int[] made = new int[1];
        Disk dying = FaultyDisk.unforced((call, path) -> {
            if (made[0]++ >= lastCall) {
                throw new StorageFailure.Io(path, call);
            }
        });
        try {
            run(dying, 2000, MANY);
            return true;
        } catch (StorageFailure killed) {
            assertThat(log.lines()).startsWith(whole(written()));
            return false;
        }
    }

    private static String whole(String lines) {
        return lines.substring(0, lines.lastIndexOf('\n') + 1);
    }

    @Test
    void appendsToAFileOfOthersAndEndsItsLastLine() throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"old\":1}\n{\"old\":2");
        log.fill(10);
        run();
        run();
        assertThat(written()).isEqualTo("{\"old\":1}\n{\"old\":2\n" + log.lines());
    }

    @Test
    void cutsOnlyTheFileThatItRemembers() throws Exception {
        log.fill(100);
        run();
        String other = "x".repeat(200_000) + "\n";
        Files.writeString(file, other);
        String before = log.lines();
        log.fill(10);
        run();
        assertThat(written()).isEqualTo(other + log.lines().substring(before.length()));

        Files.delete(file);
        before = log.lines();
        log.fill(10);
        run();
        assertThat(written()).isEqualTo(log.lines().substring(before.length()));

        Files.writeString(file, "cut\n");
        before = log.lines();
        log.fill(10);
        run();
        assertThat(written()).isEqualTo("cut\n" + log.lines().substring(before.length()));
    }

    @Test
    void goesOnInAnotherFileWhereThePathChanges() throws Exception {
        log.fill(10);
        run();
        String before = log.lines();
        file = folder.resolve("other.jsonl");
        Files.writeString(file, before);
        log.fill(10);
        run();
        assertThat(written()).isEqualTo(before + log.lines().substring(before.length()));
    }

    @Test
    void writesAllAgainWhereThePositionIsDamaged() throws Exception {
        log.fill(10);
        run();
        Path position = JsonLinesProgress.file(log.folder);
        byte[] bytes = Files.readAllBytes(position);
        bytes[20] ^= 1;
        Files.write(position, bytes);
        run();
        assertThat(written()).isEqualTo(log.lines() + log.lines());

        bytes[20] ^= 1;
        bytes[8] = 2;
        Files.write(position, bytes);
        assertThatThrownBy(this::run)
                .isInstanceOf(StorageFailure.Unsupported.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void goesOnWithALogThatLostItsEnd() throws Exception {
        log.fill(100);
        String before = log.lines();
        run();
        log.close();
        Path segment = log.folder.resolve("wal/00000001.wal");
        Files.write(segment, java.util.Arrays.copyOf(Files.readAllBytes(segment), 2000));
        log = TestLog.open(log.folder);
        String left = log.lines();
        assertThat(before).startsWith(left).hasSizeGreaterThan(left.length());
        long end = log.wal().durablePosition().sequence();
        log.fill(50);
        run(new RealDisk(), 0, 1, end);
        assertThat(written()).isEqualTo(before + log.lines().substring(left.length()));
    }

    @Test
    void goesOnWhereTheFileIsMovedOrCutMeanwhile() throws Exception {
        FollowedLog followed = log.followed(new RealDisk());
        JsonLinesConfig config = new JsonLinesConfig(Optional.of(file), 0, 1);
        try (JsonLinesFile lines = JsonLinesFile.open(followed.disk(), file, config, Optional.empty())) {
            lines.append(java.nio.ByteBuffer.wrap(new byte[] {'a', '\n'}));
            Files.move(file, rotated(7));
            lines.append(java.nio.ByteBuffer.wrap(new byte[] {'b', '\n'}));
            assertThat(rotated(7)).hasContent("a\n");
            assertThat(file).hasContent("b\n");
            Files.write(file, new byte[0]);
            lines.append(java.nio.ByteBuffer.wrap(new byte[] {'c', '\n'}));
            assertThat(file).hasContent("c\n");
        }
    }
}
