package io.metricstream.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKeys;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.WalPosition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs that write what there is and end, with kills and power cuts in between. */
final class JsonLinesRunTest {
    private static final Path ROOT = Path.of("/disk");
    private static final Path DATA = ROOT.resolve("data");
    private static final int MANY = 100;

    private CrashingDisk disk = new CrashingDisk(ROOT);
    private Path file = ROOT.resolve("out/metrics.jsonl");
    private JsonLinesStatus status;
    private TestLog log;

    @BeforeEach
    void open() throws StorageFailure {
        DurableFiles.makeFolders(disk, DATA);
        log = TestLog.open(disk, DATA);
    }

    private void run(int rotateBytes, int keep, long logEnd) throws StorageFailure {
        FollowedLog followed = log.followed();
        status = new JsonLinesStatus(followed, new SimpleMeterRegistry());
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

    private void run(int rotateBytes, int keep) throws StorageFailure {
        run(rotateBytes, keep, Long.MAX_VALUE);
    }

    private void run() throws StorageFailure {
        run(0, 1);
    }

    private Path rotated(int number) {
        return file.resolveSibling("metrics.jsonl." + number);
    }

    private String text(Path path) {
        return disk.exists(path) ? new String(disk.read(path), StandardCharsets.UTF_8) : "";
    }

    private void plant(Path path, String text) throws StorageFailure {
        disk.createFolders(path.getParent());
        disk.plant(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The rotated files from the oldest, then the file. */
    private String written() {
        var text = new StringBuilder();
        for (int i = MANY; i >= 1; i--) {
            text.append(text(rotated(i)));
        }
        return text.append(text(file)).toString();
    }

    @Test
    void writesTheLogInItsOrderAndGoesOnWhereItWasLeft() throws Exception {
        run();
        assertThat(disk.read(file)).isEmpty();
        log.fill(500);
        run();
        assertThat(written()).isEqualTo(log.lines()).hasLineCount(1250);
        run();
        log.fill(100);
        run();
        assertThat(written()).isEqualTo(log.lines()).hasLineCount(1500);
        assertThat(status.lagBytes()).isZero();
    }

    @Test
    void leavesWhatIsNotDurableForLater() throws Exception {
        log.fill(10);
        String durable = log.lines();
        log.wal().appendSamples(SeriesKeys.NONE, new int[] {0}, new long[] {5}, new double[] {5}, 1);
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
        log = TestLog.open(disk, DATA);
        run();
        log.fill(300);
        run();
        assertThat(written()).isEqualTo(log.lines()).hasLineCount(1500);
    }

    @Test
    void rotatesBySizeAndKeepsTheNewest() throws Exception {
        log.fill(400);
        run(10_000, MANY);
        assertThat(written()).isEqualTo(log.lines());
        assertThat(disk.read(rotated(1)).length).isBetween(10_000, 10_500);
        assertThat(disk.exists(rotated(9))).isTrue();

        log.fill(400);
        run(10_000, 3);
        assertThat(disk.exists(rotated(3))).isTrue();
        assertThat(disk.exists(rotated(4))).isFalse();
        assertThat(log.lines()).endsWith(written());
        log.fill(1);
        run(1, 1);
        assertThat(disk.exists(rotated(2))).isFalse();
        assertThat(log.lines()).endsWith(written());
        log.close();
        assertThat(disk.openFiles()).isZero();
    }

    @Test
    void losesAndRepeatsNothingWhereverTheProcessOrThePowerEnds() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("JsonLinesRunTest: seed=" + seed);
        var random = new Random(seed);
        log.fill(20);
        run(2000, MANY);
        log.fill(20);
        CrashingDisk before = disk;
        boolean survived = false;
        int cut = 0;
        while (!survived) {
            cut++;
            CrashingDisk dying = before.copy();
            disk = dying;
            log = TestLog.open(disk, DATA);
            survived = survives(cut);
            for (int outcome = 0; outcome < 4; outcome++) {
                disk = outcome == 0 ? dying.afterKill() : dying.afterPowerCut(random);
                log = TestLog.open(disk, DATA);
                run(2000, MANY);
                assertThat(written())
                        .as("end at change %d, outcome %d", cut, outcome)
                        .isEqualTo(log.lines())
                        .hasLineCount(100);
                log.close();
            }
        }
        assertThat(cut).isGreaterThan(50);
        assertThat(disk.exists(rotated(4))).isTrue();
    }

    private boolean survives(int cut) {
        try {
            disk.cutPowerAt(cut);
            run(2000, MANY);
            return true;
        } catch (StorageFailure theEnd) {
            return false;
        }
    }

    @Test
    void appendsToAFileOfOthersAndEndsItsLastLine() throws Exception {
        plant(file, "{\"old\":1}\n{\"old\":2");
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
        plant(file, other);
        String before = log.lines();
        log.fill(10);
        run();
        assertThat(written()).isEqualTo(other + log.lines().substring(before.length()));

        disk.remove(file);
        before = log.lines();
        log.fill(10);
        run();
        assertThat(written()).isEqualTo(log.lines().substring(before.length()));

        plant(file, "cut\n");
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
        file = ROOT.resolve("other.jsonl");
        plant(file, before);
        log.fill(10);
        run();
        assertThat(text(file)).isEqualTo(before + log.lines().substring(before.length()));
    }

    @Test
    void writesAllAgainWhereThePositionIsDamaged() throws Exception {
        log.fill(10);
        run();
        Path position = JsonLinesProgress.file(DATA);
        byte[] bytes = disk.read(position);
        bytes[20] ^= 1;
        disk.plant(position, bytes);
        run();
        assertThat(written()).isEqualTo(log.lines() + log.lines());

        bytes[20] ^= 1;
        bytes[8] = 2;
        disk.plant(position, withChecksum(bytes));
        assertThatThrownBy(this::run)
                .isInstanceOf(StorageFailure.Unsupported.class)
                .hasMessageContaining("version 2");
    }

    private static byte[] withChecksum(byte[] bytes) {
        int crcAt = bytes.length - Integer.BYTES;
        var crc = new CRC32C();
        crc.update(bytes, 0, crcAt);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(crcAt, (int) crc.getValue());
        return bytes;
    }

    @Test
    void goesOnWithALogThatLostItsEnd() throws Exception {
        log.fill(100);
        String before = log.lines();
        run();
        log.close();
        Path segment = DATA.resolve("wal/00000001.wal");
        disk.plant(segment, Arrays.copyOf(disk.read(segment), 2000));
        log = TestLog.open(disk, DATA);
        String left = log.lines();
        assertThat(before).startsWith(left).hasSizeGreaterThan(left.length());
        long end = log.wal().durablePosition().sequence();
        log.fill(50);
        run(0, 1, end);
        assertThat(written()).isEqualTo(before + log.lines().substring(left.length()));
    }

    @Test
    void goesOnWhereTheFileIsMovedOrCutMeanwhile() throws Exception {
        var config = new JsonLinesConfig(Optional.of(file), 0, 1);
        try (JsonLinesFile lines = JsonLinesFile.open(disk, file, config, Optional.empty())) {
            lines.append(ByteBuffer.wrap(new byte[] {'a', '\n'}));
            disk.rename(file, rotated(7));
            lines.append(ByteBuffer.wrap(new byte[] {'b', '\n'}));
            assertThat(text(rotated(7))).isEqualTo("a\n");
            assertThat(text(file)).isEqualTo("b\n");
            try (var others = disk.openWrite(file)) {
                others.truncate(0);
            }
            lines.append(ByteBuffer.wrap(new byte[] {'c', '\n'}));
            assertThat(text(file)).isEqualTo("c\n");
        }
    }

    @Test
    void leavesAFileThatIsFullAsItWas() throws Exception {
        log.fill(10);
        run();
        String before = written();
        log.fill(10);
        disk.capacityBytes(
                disk.files().values().stream().mapToLong(bytes -> bytes.length).sum() + 300);
        assertThatThrownBy(this::run).isInstanceOf(StorageFailure.DiskFull.class);
        assertThat(written()).isEqualTo(before);
        disk.capacityBytes(Long.MAX_VALUE);
        run();
        assertThat(written()).isEqualTo(log.lines());
    }
}
