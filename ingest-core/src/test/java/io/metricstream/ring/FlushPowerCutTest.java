package io.metricstream.ring;

import static io.metricstream.ring.WriterByHand.DATA;
import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.WalDamage;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Cuts the power at every change that is made on the disk while memory is frozen and flushed, checkpoints move, segments of
 * the log are deleted and refs begin anew, and at every change of the recovery after it.
 */
final class FlushPowerCutTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int OUTCOMES = 2;
    /** What ten groups of a thousand samples and their new series take in the log, and some more. */
    private static final long ROUND_BYTES = 200 << 10;

    private final SplittableRandom random = new SplittableRandom(SEED);

    private static void live(CrashingDisk disk, Ledger ledger) throws InterruptedException {
        for (int life = 0; life < 2; life++) {
            try {
                live(WriterByHand.recover(disk, Durability.FSYNC), ledger, life);
            } catch (StorageFailure powerCut) {
                assertThat(disk.isOff()).as(powerCut.getMessage()).isTrue();
            }
        }
    }

    private static void live(WriterByHand writer, Ledger ledger, int life) throws InterruptedException, StorageFailure {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 4; i++) {
                writer.group(writer.request(ledger, 900), writer.request(ledger, 300 * i + 1));
            }
            writer.freeze();
            writer.group(writer.request(ledger, 400));
            // The first life ends with memory that was frozen and not flushed.
            if (life > 0 || round < 1) {
                writer.flush();
            }
        }
        if (life > 0) {
            writer.stopAndFlush();
        }
    }

    private void checkRecovery(CrashingDisk disk, Ledger ledger, String when) throws StorageFailure {
        WriterByHand first = WriterByHand.recover(disk, Durability.FSYNC);
        Ledger.Stored stored = first.stored();
        ledger.check(stored, when);
        assertThat(first.report.damage()).as(when).allMatch(d -> d.kind() == WalDamage.Kind.TORN);
        WriterByHand second = WriterByHand.recover(disk.afterPowerCut(random), Durability.FSYNC);
        assertThat(second.stored()).as("after one more power cut, " + when).isEqualTo(stored);
        assertThat(second.report.damage()).as("a second recovery, " + when).isEmpty();
    }

    @Test
    void keepsWhatWasAcknowledgedWhereverThePowerGoes() throws Exception {
        System.out.println("FlushPowerCutTest: -Dseed=" + SEED);
        var whole = new CrashingDisk(DATA);
        var wholeLedger = new Ledger();
        live(whole, wholeLedger);
        assertThat(wholeLedger.acknowledged()).isGreaterThan(20_000);
        assertThat(segments(whole)).as("a stop leaves no log").isZero();
        long changes = whole.changes();
        for (long cut = 1; cut <= changes; cut++) {
            var disk = new CrashingDisk(DATA);
            disk.cutPowerAt(cut);
            var ledger = new Ledger();
            live(disk, ledger);
            assertThat(disk.isOff()).isTrue();
            for (int outcome = 0; outcome < OUTCOMES; outcome++) {
                String when = "power cut at change " + cut + " of " + changes + ", outcome " + outcome;
                checkRecovery(disk.afterPowerCut(random), ledger, when);
            }
        }
        System.out.println("FlushPowerCutTest: changes=" + changes);
    }

    private static long segments(CrashingDisk disk) {
        return disk.files().keySet().stream()
                .map(Path::toString)
                .filter(name -> name.endsWith(".wal"))
                .count();
    }

    @Test
    void deletesTheLogAsItBecomesParts() throws Exception {
        var disk = new CrashingDisk(DATA);
        var ledger = new Ledger();
        WriterByHand writer = WriterByHand.recover(disk, Durability.FSYNC);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 10; i++) {
                writer.group(writer.request(ledger, 1000));
            }
            writer.freeze();
            writer.flush();
            // The log of one epoch, which is four times the keys and what was written until the next freeze; the
            // segment
            // in use, the one prepared, and the ends of two.
            long most = (4 * writer.head.series().keyBytes() + ROUND_BYTES) / WriterByHand.SEGMENT_BYTES + 4;
            assertThat(segments(disk)).as("round " + round).isLessThanOrEqualTo(most);
        }
        assertThat(writer.retention.checkpoint().sequence()).isGreaterThan(400);
        WriterByHand next = WriterByHand.recover(disk.afterKill(), Durability.FSYNC);
        ledger.check(next.stored(), "after a kill");
    }
}
