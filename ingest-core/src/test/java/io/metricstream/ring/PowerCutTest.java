package io.metricstream.ring;

import static io.metricstream.ring.WriterByHand.DATA;
import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.WalDamage;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Cuts the power at every change that the writing side makes on the disk, in a run that fills segments, creates series,
 * runs into a full disk, stops and starts again, and at every change that the recovery after it makes.
 */
final class PowerCutTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int OUTCOMES = 6;

    private final SplittableRandom random = new SplittableRandom(SEED);

    /** Everything that the writing side does in its life, twice. */
    private static void live(CrashingDisk disk, Ledger ledger) throws InterruptedException {
        for (int life = 0; life < 2; life++) {
            try {
                live(WriterByHand.recover(disk, Durability.FSYNC), disk, ledger);
            } catch (StorageFailure powerCut) {
                assertThat(disk.isOff()).as(powerCut.getMessage()).isTrue();
            }
        }
    }

    private static void live(WriterByHand writer, CrashingDisk disk, Ledger ledger) throws InterruptedException {
        for (int i = 0; i < 6; i++) {
            writer.group(writer.request(ledger, 1), writer.request(ledger, 900), writer.request(ledger, 40 * i + 1));
        }
        disk.capacityBytes(
                disk.files().values().stream().mapToLong(f -> f.length).sum() + 1000);
        for (int i = 0; i < 20 && writer.status.state() == WriterState.WRITING; i++) {
            writer.group(writer.request(ledger, 700), writer.request(ledger, 900), writer.request(ledger, 400));
        }
        writer.group(writer.request(ledger, 5));
        disk.capacityBytes(Long.MAX_VALUE);
        writer.idle(Duration.ofSeconds(2));
        for (int i = 0; i < 4; i++) {
            writer.group(writer.request(ledger, 300), writer.request(ledger, 20));
        }
        writer.stop();
    }

    /** Recovers, and once more, and once more after another power cut: always the same, and what it must be. */
    private void checkRecovery(CrashingDisk disk, Ledger ledger, String when) throws StorageFailure {
        WriterByHand first = WriterByHand.recover(disk, Durability.FSYNC);
        ledger.check(first.found, when);
        assertThat(first.report.damage()).as(when).allMatch(d -> d.kind() == WalDamage.Kind.TORN);
        assertThat(first.report.undecodableRecords()).as(when).isZero();
        WriterByHand second = WriterByHand.recover(disk.afterKill(), Durability.FSYNC);
        assertThat(second.found).as("a second recovery, " + when).isEqualTo(first.found);
        assertThat(second.report.damage()).as("a second recovery, " + when).isEmpty();
        WriterByHand third = WriterByHand.recover(disk.afterPowerCut(random), Durability.FSYNC);
        assertThat(third.found).as("after one more power cut, " + when).isEqualTo(first.found);
        assertThat(third.report.damage())
                .as("after one more power cut, " + when)
                .isEmpty();
    }

    private static boolean recoversWithoutPower(CrashingDisk disk) {
        try {
            WriterByHand.recover(disk, Durability.FSYNC);
            return false;
        } catch (StorageFailure powerCut) {
            return disk.isOff();
        }
    }

    @Test
    void keepsWhatWasAcknowledgedWhereverThePowerGoes() throws Exception {
        System.out.println("PowerCutTest: seed=" + SEED);
        var whole = new CrashingDisk(DATA);
        var wholeLedger = new Ledger();
        live(whole, wholeLedger);
        assertThat(wholeLedger.acknowledged()).isGreaterThan(10_000);
        long changes = whole.changes();
        long recoveries = 0;
        for (long cut = 1; cut <= changes; cut++) {
            var disk = new CrashingDisk(DATA);
            disk.cutPowerAt(cut);
            var ledger = new Ledger();
            live(disk, ledger);
            assertThat(disk.isOff()).isTrue();
            for (int outcome = 0; outcome < OUTCOMES; outcome++) {
                CrashingDisk after = disk.afterPowerCut(random);
                String when = "power cut at change " + cut + ", outcome " + outcome;
                if (outcome == 0) {
                    recoveries += cutRecovery(after, ledger, when);
                }
                checkRecovery(after, ledger, when);
                recoveries += 3;
            }
        }
        System.out.println("PowerCutTest: changes=" + changes + ", recoveries=" + recoveries);
    }

    private int cutRecovery(CrashingDisk disk, Ledger ledger, String when) throws StorageFailure {
        int cut = 1;
        while (true) {
            CrashingDisk again = disk.copy();
            again.cutPowerAt(cut);
            if (!recoversWithoutPower(again)) {
                return cut * 4;
            }
            checkRecovery(again.afterPowerCut(random), ledger, when + ", then at change " + cut + " of recovery");
            cut++;
        }
    }

    /** A killed process leaves in the page cache what no force has reached; the next one must not build on that. */
    @Test
    void losesNothingThatARestartAfterAKillHasShownToALaterPowerCut() throws Exception {
        System.out.println("PowerCutTest: seed=" + SEED);
        var whole = new CrashingDisk(DATA);
        live(whole, new Ledger());
        for (long kill = 1; kill <= whole.changes(); kill++) {
            var disk = new CrashingDisk(DATA);
            disk.cutPowerAt(kill);
            var ledger = new Ledger();
            live(disk, ledger);
            CrashingDisk killed = disk.afterKill();
            WriterByHand second = WriterByHand.recover(killed, Durability.FSYNC);
            String when = "killed at change " + kill;
            ledger.check(second.found, when);
            assertThat(second.report.damage()).as(when).allMatch(d -> d.kind() == WalDamage.Kind.TORN);
            killed.cutPowerAt(1 + random.nextInt(8));
            for (int i = 0; i < 4; i++) {
                second.group(second.request(ledger, 200), second.request(ledger, 10));
            }
            when += ", then a power cut";
            WriterByHand third = WriterByHand.recover(killed.afterPowerCut(random), Durability.FSYNC);
            ledger.check(third.found, when);
            assertThat(third.found.containsAll(second.found))
                    .as("what was shown, " + when)
                    .isTrue();
            assertThat(third.report.damage()).as(when).allMatch(d -> d.kind() == WalDamage.Kind.TORN);
        }
    }

    @Test
    void underOsAKillAndUnderMemoryAStopLosesNothing() throws Exception {
        for (Durability durability : new Durability[] {Durability.OS, Durability.MEMORY}) {
            var whole = new CrashingDisk(DATA);
            var ledger = new Ledger();
            WriterByHand writer = WriterByHand.recover(whole, durability);
            live(writer, whole, ledger);
            ledger.check(WriterByHand.recover(whole.afterPowerCut(random), durability).found, "stopped, " + durability);
            for (long kill = 1; kill <= whole.changes(); kill++) {
                var disk = new CrashingDisk(DATA);
                disk.cutPowerAt(kill);
                var killed = new Ledger();
                try {
                    live(WriterByHand.recover(disk, durability), disk, killed);
                } catch (StorageFailure powerCut) {
                    assertThat(disk.isOff()).isTrue();
                }
                if (durability == Durability.MEMORY) {
                    killed.forgetAcknowledged();
                }
                String when = durability + ", killed at change " + kill;
                killed.check(WriterByHand.recover(disk.copy().afterKill(), durability).found, when);
                killed.forgetAcknowledged();
                killed.check(WriterByHand.recover(disk.afterPowerCut(random), durability).found, when + ", power cut");
            }
        }
    }
}
