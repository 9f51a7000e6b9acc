package io.metricstream.storage.wal;

import static io.metricstream.storage.wal.NumberedLog.DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LogRetentionTest {
    private static final Path CHECKPOINT = DATA.resolve("checkpoint");

    private final CrashingDisk disk = new CrashingDisk(DATA);
    private LogRetention retention;

    /** Segments 1 to 9, and epochs that begin in 1, 3, 3 and 7. */
    @BeforeEach
    void plant() throws Exception {
        disk.plant(WalReader.folder(DATA), new byte[0]);
        for (long segment = 1; segment <= 9; segment++) {
            disk.plant(NumberedLog.segment(segment), new byte[] {1});
        }
        retention = LogRetention.open(disk, DATA);
    }

    private void tellEpochs() {
        retention.onEpoch(new WalPosition(1, 64, 0));
        retention.onEpoch(new WalPosition(3, 500, 100));
        retention.onEpoch(new WalPosition(3, 900, 200));
        retention.onEpoch(new WalPosition(7, 64, 300));
    }

    private List<Long> segments() throws StorageFailure {
        return new SegmentFiles(disk, WalReader.folder(DATA))
                .list().stream().map(SegmentFiles.Segment::number).toList();
    }

    @Test
    void deletesNothingBeforeARecoveryHasToldTheEpochs() throws Exception {
        retention.onFlushed(250);
        assertThat(segments()).hasSize(9);
        assertThat(LogRetention.open(disk, DATA).checkpoint().sequence()).isEqualTo(250);
        tellEpochs();
        retention.onFlushed(260);
        assertThat(segments()).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void keepsTheEpochOfTheFirstRecordThatIsNotInParts() throws Exception {
        tellEpochs();
        retention.onFlushed(98);
        assertThat(segments()).hasSize(9);
        retention.onFlushed(99);
        assertThat(segments()).as("the next record begins an epoch").startsWith(3L);
        retention.onFlushed(298);
        assertThat(segments()).startsWith(3L);
        retention.onFlushed(299);
        assertThat(segments()).containsExactly(7L, 8L, 9L);
        retention.onFlushed(1_000_000);
        assertThat(segments())
                .as("the newest epoch is where the log is written")
                .containsExactly(7L, 8L, 9L);
    }

    @Test
    void keepsWhatAFollowerHasNotRead() throws Exception {
        tellEpochs();
        LogRetention.Hold early = retention.hold(new WalPosition(1, 64, 10));
        LogRetention.Hold late = retention.hold(new WalPosition(4, 64, 250));
        retention.onFlushed(400);
        assertThat(segments()).hasSize(9);
        early.moveTo(new WalPosition(3, 900, 200));
        retention.onFlushed(401);
        assertThat(segments()).startsWith(3L);
        early.close();
        retention.onFlushed(402);
        assertThat(segments()).startsWith(3L);
        late.close();
        retention.onFlushed(403);
        assertThat(segments()).containsExactly(7L, 8L, 9L);
    }

    @Test
    void deletesAClosedLogThatIsInParts() throws Exception {
        tellEpochs();
        retention.onClosed(399, new WalPosition(9, 1000, 400));
        assertThat(segments()).isEmpty();
        LogRetention next = LogRetention.open(disk, DATA);
        assertThat(next.checkpoint()).isEqualTo(new Checkpoint(399, 9));
        assertThat(next.firstUnused()).isEqualTo(400);
    }

    @Test
    void keepsAClosedLogThatSomebodyHasToRead() throws Exception {
        tellEpochs();
        retention.onClosed(398, new WalPosition(9, 1000, 400));
        assertThat(segments()).as("a record is not in parts").containsExactly(7L, 8L, 9L);
        LogRetention.Hold hold = retention.hold(new WalPosition(9, 900, 399));
        retention.onClosed(399, new WalPosition(9, 1000, 400));
        assertThat(segments()).as("a record is not read").containsExactly(7L, 8L, 9L);
        hold.moveTo(new WalPosition(9, 1000, 400));
        retention.onClosed(399, new WalPosition(9, 1000, 400));
        assertThat(segments()).isEmpty();
    }

    @Test
    void goesOnAfterTheNumbersOfALogThatIsGone() throws Exception {
        NumberedLog log = new NumberedLog(3).write(40);
        var after = LogRetention.open(log.disk, DATA);
        Wal wal = log.recover().log();
        WalPosition end = wal.durablePosition();
        wal.close();
        after.onClosed(end.sequence() - 1, wal.durablePosition());
        assertThat(log.disk.files().keySet()).noneMatch(path -> path.toString().endsWith(".wal"));
        NumberedLog.Found next = log.recover();
        assertThat(next.report().damage()).isEmpty();
        assertThat(next.log().durablePosition().sequence()).isEqualTo(end.sequence());
        assertThat(next.log().durablePosition().segment()).isGreaterThan(end.segment());
    }

    @Test
    void saysWhatIsMissingBetweenTheCheckpointAndTheLog() throws Exception {
        NumberedLog log = new NumberedLog(3).write(10).write(10);
        log.disk.remove(NumberedLog.segment(1));
        NumberedLog.Found found = log.copy().recover();
        assertThat(found.report().recordsLost()).as("nothing is in parts").isEqualTo(12);
        new Checkpoint(11, 1).write(log.disk, DATA);
        assertThat(log.recover().report().damage())
                .as("all that is gone is in parts")
                .isEmpty();
    }

    @Test
    void refusesACheckpointOfANewerVersionByName() throws Exception {
        retention.onFlushed(250);
        ByteBuffer newer = ByteBuffer.wrap(disk.read(CHECKPOINT)).order(ByteOrder.LITTLE_ENDIAN);
        newer.putInt(8, 2);
        var crc = new CRC32C();
        crc.update(newer.slice(0, 32));
        newer.putInt(32, (int) crc.getValue());
        disk.plant(CHECKPOINT, newer.array());
        assertThatThrownBy(() -> LogRetention.open(disk, DATA))
                .isInstanceOf(StorageFailure.Unsupported.class)
                .hasMessageContaining("checkpoint")
                .hasMessageContaining("version 2");
    }

    @Test
    void readsTheLogAgainWhereTheCheckpointIsDamaged() throws Exception {
        retention.onFlushed(250);
        byte[] whole = disk.read(CHECKPOINT);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            disk.plant(CHECKPOINT, flipped);
            LogRetention damaged = LogRetention.open(disk, DATA);
            assertThat(damaged.checkpoint()).as("byte " + at).isEqualTo(Checkpoint.NONE);
            assertThat(damaged.firstWanted()).isEqualTo(-1);
            damaged.onUsed(777);
            assertThat(damaged.firstUnused()).isEqualTo(778);
        }
        for (int length = 0; length < whole.length; length++) {
            disk.plant(CHECKPOINT, Arrays.copyOf(whole, length));
            assertThat(LogRetention.open(disk, DATA).checkpoint()).isEqualTo(Checkpoint.NONE);
        }
        disk.plant(CHECKPOINT, "not one at all, and longer than one".getBytes(StandardCharsets.UTF_8));
        assertThat(LogRetention.open(disk, DATA).checkpoint()).isEqualTo(Checkpoint.NONE);
    }
}
