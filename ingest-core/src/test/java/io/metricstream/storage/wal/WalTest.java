package io.metricstream.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.NanoClock;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.Disk;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WalTest {
    private static final WalConfig SMALL = new WalConfig(Durability.FSYNC, 64 << 10, 0);

    @TempDir
    private Path folder;

    /** The refs that the log has named since it was opened. */
    private final Set<Integer> named = new HashSet<>();

    private static final class Seen implements WalReplay {
        final List<String> lines = new ArrayList<>();

        @Override
        public void onSeries(int ref, byte[] key, int offset, int length) {
            lines.add("series " + ref + " " + new String(key, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void onSamples(long sequence, int count, int[] refs, long[] timestampsMillis, double[] values) {
            for (int i = 0; i < count; i++) {
                lines.add(refs[i] + "@" + timestampsMillis[i] + "=" + Double.doubleToRawLongBits(values[i]));
            }
        }
    }

    private WalRecovery.Recovered open(WalConfig config, WalReplay replay) throws StorageFailure {
        return open(new RealDisk(), config, replay);
    }

    private WalRecovery.Recovered open(Disk disk, WalConfig config, WalReplay replay) throws StorageFailure {
        named.clear();
        return new WalRecovery(disk, folder, LogRetention.open(disk, folder))
                .open(config, replay, (done, total) -> {}, Executors.newSingleThreadExecutor(), NanoClock.system());
    }

    private static byte[] key(int ref) {
        return ("key-" + ref).getBytes(StandardCharsets.UTF_8);
    }

    private List<String> write(Wal log, int from, int rounds) throws StorageFailure {
        var written = new Seen();
        for (int round = from; round < from + rounds; round++) {
            int count = round % 40 + 1;
            int[] refs = new int[count];
            long[] times = new long[count];
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                refs[i] = round - i % (round + 1);
                times[i] = i % 7 == 3 ? Long.MIN_VALUE + i : 1_763_900_000_000L - i * 977L;
                values[i] = i % 5 == 4 ? Double.longBitsToDouble(0x7ff0000000000002L) : round * 0.1 + i;
            }
            log.appendSamples(WalTest::key, refs, times, values, count);
            for (int ref : refs) {
                if (named.add(ref)) {
                    written.onSeries(ref, key(ref), 0, key(ref).length);
                }
            }
            written.onSamples(0, count, refs, times, values);
            if (round % 3 == 0) {
                log.commit();
            }
        }
        log.commit();
        return written.lines;
    }

    @Test
    void givesBackEverythingInOrderAfterAStop() throws Exception {
        List<String> written = new ArrayList<>();
        try (Wal log = open(SMALL, new Seen()).log()) {
            written.addAll(write(log, 0, 500));
        }
        var seen = new Seen();
        WalRecovery.Recovered second = open(SMALL, seen);
        try (Wal log = second.log()) {
            assertThat(seen.lines).isEqualTo(written);
            assertThat(second.report().damage()).isEmpty();
            assertThat(second.report().nextRef()).isEqualTo(500);
            assertThat(second.report().segments()).isGreaterThan(1);
            written.addAll(write(log, 500, 10));
        }
        var third = new Seen();
        open(SMALL, third).log().close();
        assertThat(third.lines).isEqualTo(written);
        assertThat(WalVerifier.verify(new RealDisk(), folder, -1, bytes -> {}).damage())
                .isEmpty();
    }

    @Test
    void givesBackEverythingCommittedAfterAKill() throws Exception {
        List<String> written;
        Wal log = open(SMALL, new Seen()).log();
        written = write(log, 0, 300);
        log.appendSamples(WalTest::key, new int[] {7}, new long[] {1}, new double[] {2}, 1);
        // No close: what a killed process leaves. The last record was never written.
        var seen = new Seen();
        WalRecovery.Recovered second = open(SMALL, seen);
        assertThat(seen.lines).isEqualTo(written);
        assertThat(second.report().damage()).isEmpty();
        second.log().close();
    }

    @Test
    void keepsEverythingThroughAPowerCutAfterAStopWhateverTheDurability() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("WalTest: seed=" + seed);
        for (Durability durability : Durability.values()) {
            var disk = new CrashingDisk(folder);
            var config = new WalConfig(durability, 64 << 10, 0);
            List<String> written;
            try (Wal log = open(disk, config, new Seen()).log()) {
                written = write(log, 0, 500);
            }
            var seen = new Seen();
            WalRecovery.Recovered second = open(disk.afterPowerCut(new Random(seed)), config, seen);
            assertThat(second.report().segments()).isGreaterThan(2);
            assertThat(seen.lines).as("%s", durability).isEqualTo(written);
            assertThat(second.report().damage()).isEmpty();
            second.log().close();
        }
    }

    @Test
    void leavesRefsBelowZeroOut() throws Exception {
        byte[] key = {1};
        try (Wal log = open(SMALL, new Seen()).log()) {
            log.appendSeries(3, key, 0, 1);
            log.appendSamples(
                    WalTest::key, new int[] {-1, 3, -5, 3}, new long[] {1, 2, 3, 4}, new double[] {1, 2, 3, 4}, 4);
            log.appendSamples(WalTest::key, new int[] {-1}, new long[] {1}, new double[] {1}, 1);
            log.commit();
        }
        var seen = new Seen();
        WalRecovery.Recovered again = open(SMALL, seen);
        again.log().close();
        assertThat(seen.lines).hasSize(3);
        assertThat(again.report().records()).isEqualTo(2);
    }

    @Test
    void forgetsWhatIsRolledBack() throws Exception {
        List<String> written = new ArrayList<>();
        try (Wal log = open(SMALL, new Seen()).log()) {
            written.addAll(write(log, 0, 4));
            log.appendSamples(WalTest::key, new int[] {1}, new long[] {99}, new double[] {99}, 1);
            log.rollback();
            written.addAll(write(log, 4, 4));
        }
        var seen = new Seen();
        open(SMALL, seen).log().close();
        assertThat(seen.lines).isEqualTo(written);
    }

    @Test
    void cutsAnUnfinishedRecordAtItsEveryByte() throws Exception {
        List<String> written;
        try (Wal log = open(SMALL, new Seen()).log()) {
            written = write(log, 0, 5);
        }
        Path segment = folder.resolve("wal/00000001.wal");
        byte[] whole = Files.readAllBytes(segment);
        int lastRecord = lastRecordStart(whole);
        int samplesInLast = 5;
        int lastByte = lastRecord + WalLayout.RECORD_HEADER_BYTES + WalLayout.length(whole, lastRecord);
        for (int length = lastRecord; length < lastByte; length++) {
            Files.write(segment, java.util.Arrays.copyOf(whole, length));
            var seen = new Seen();
            WalRecovery.Recovered recovered = open(SMALL, seen);
            recovered.log().close();
            assertThat(seen.lines).isEqualTo(written.subList(0, written.size() - samplesInLast));
            assertThat(recovered.report().recordsLost()).isZero();
            assertThat(Files.size(segment)).isEqualTo(lastRecord + WalLayout.MARK_BYTES);
        }
    }

    @Test
    void setsADamagedMiddleAsideAndReadsTheRest() throws Exception {
        List<String> written;
        try (Wal log = open(SMALL, new Seen()).log()) {
            written = write(log, 0, 50);
        }
        Path segment = folder.resolve("wal/00000001.wal");
        byte[] bytes = Files.readAllBytes(segment);
        int at = recordStart(bytes, 41);
        bytes[at + WalLayout.RECORD_HEADER_BYTES + 3] ^= 0x10;
        Files.write(segment, bytes);

        assertThat(WalVerifier.verify(new RealDisk(), folder, -1, b -> {}).damage())
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.kind()).isEqualTo(WalDamage.Kind.DAMAGED);
                    assertThat(d.offsetBytes()).isEqualTo(at);
                    assertThat(d.firstSequence()).isEqualTo(41);
                    assertThat(d.recordsLost()).isEqualTo(1);
                });
        var seen = new Seen();
        WalRecovery.Recovered first = open(SMALL, seen);
        first.log().close();
        assertThat(first.report().recordsLost()).isEqualTo(1);
        assertThat(seen.lines).isSubsetOf(written).hasSize(written.size() - 21);
        assertThat(new RealDisk().list(folder.resolve("quarantine"))).hasSize(1);

        var again = new Seen();
        WalRecovery.Recovered second = open(SMALL, again);
        second.log().close();
        assertThat(second.report().damage()).isEmpty();
        assertThat(again.lines).isEqualTo(seen.lines);
    }

    /** The last record before the end record. */
    private static int lastRecordStart(byte[] segment) {
        int last = 0;
        for (int at = WalLayout.SEGMENT_HEADER_BYTES; WalLayout.type(segment, at) != WalLayout.TYPE_END; ) {
            last = at;
            at += WalLayout.recordBytes(WalLayout.length(segment, at));
        }
        return last;
    }

    private static int recordStart(byte[] segment, long sequence) {
        int at = WalLayout.SEGMENT_HEADER_BYTES;
        while (WalLayout.sequence(segment, at) != sequence) {
            at += WalLayout.recordBytes(WalLayout.length(segment, at));
        }
        return at;
    }
}
