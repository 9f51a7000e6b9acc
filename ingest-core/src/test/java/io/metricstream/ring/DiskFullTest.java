package io.metricstream.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.wal.Durability;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disk is full at every step in which the log grows: writes are refused, nothing is lost, and writing resumes. */
final class DiskFullTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int STEP_BYTES = 4096;

    /** @param quota whether the disk says that it has room until it has none */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesAndResumesWhereverTheLogStopsGrowing(boolean quota) throws Exception {
        System.out.println("DiskFullTest: seed=" + SEED);
        for (long free = 0; free <= 3L * WriterByHand.SEGMENT_BYTES; free += STEP_BYTES) {
            String when = "with " + free + " bytes free, quota " + quota;
            var disk = new CrashingDisk(WriterByHand.DATA);
            disk.hidesUsage(quota);
            var ledger = new Ledger();
            fill(disk, ledger, free, when);
            check(disk.afterKill(), ledger, "killed " + when);
            check(disk.afterPowerCut(new SplittableRandom(SEED + free)), ledger, "power cut " + when);
        }
    }

    private static void fill(CrashingDisk disk, Ledger ledger, long free, String when) throws Exception {
        WriterByHand writer = WriterByHand.recover(disk, Durability.FSYNC);
        disk.capacityBytes(
                disk.files().values().stream().mapToLong(f -> f.length).sum() + free);
        while (writer.status.state() == WriterState.WRITING) {
            writer.group(writer.request(ledger, 900), writer.request(ledger, 7));
        }
        assertThat(writer.status.state()).as(when).isEqualTo(WriterState.DISK_FULL);
        int acknowledged = ledger.acknowledged();
        writer.group(writer.request(ledger, 5));
        assertThat(ledger.acknowledged()).as("refused " + when).isEqualTo(acknowledged);
        disk.capacityBytes(Long.MAX_VALUE);
        writer.idle(Duration.ofSeconds(2));
        writer.group(writer.request(ledger, 300));
        assertThat(ledger.acknowledged()).as("resumed " + when).isEqualTo(acknowledged + 300);
    }

    private static void check(CrashingDisk disk, Ledger ledger, String when) throws Exception {
        disk.hidesUsage(false);
        ledger.check(WriterByHand.recover(disk, Durability.FSYNC).found, when);
    }
}
