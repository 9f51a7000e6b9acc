package io.metricstream.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.CrashingDisk.Call;
import io.metricstream.storage.wal.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class WritePathTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final CrashingDisk disk = new CrashingDisk(WritePathRig.DATA);

    private void checkAfterPowerCut(WritePathRig rig, String when) throws Exception {
        CrashingDisk after = disk.afterPowerCut(new SplittableRandom(1));
        rig.ledger.check(WritePathRig.found(after), when);
    }

    /** Publishes a first request and waits until the disk writer hangs in its force. */
    private static void hangInForce(WritePathRig rig, CrashingDisk disk) {
        rig.publish(1);
        WritePathRig.await("a thread in force", () -> disk.waitingForces() > 0);
    }

    @Test
    void takesNoMoreRequestsThanItHasSlots() throws Exception {
        var config = new RingConfig(8, 1 << 20, TEN_SECONDS);
        try (WritePathRig rig = WritePathRig.start(disk, config, Durability.FSYNC)) {
            CountDownLatch held = disk.holdForces();
            hangInForce(rig, disk);
            int published = 1;
            while (rig.path.ring().tryPublish(rig.request(1))) {
                published++;
            }
            assertThat(published).isBetween(8, 9);
            assertThat(rig.path.ring().usedSlots()).isEqualTo(8);
            held.countDown();
            for (int i = 0; i < published; i++) {
                assertThat(rig.loop.await().outcome()).isEqualTo(WriteOutcome.STORED);
            }
            assertThat(rig.write(1)).isEqualTo(WriteOutcome.STORED);
            assertThat(rig.path.ring().pendingBytes()).isZero();
        }
    }

    @Test
    void takesNoMoreBytesThanItMayButAlwaysOneRequest() throws Exception {
        var config = new RingConfig(1024, 1 << 20, TEN_SECONDS);
        try (WritePathRig rig = WritePathRig.start(disk, config, Durability.FSYNC)) {
            assertThat(rig.write(100_000)).as("heavier than all of the ring").isEqualTo(WriteOutcome.STORED);
            CountDownLatch held = disk.holdForces();
            hangInForce(rig, disk);
            int published = 1;
            while (rig.path.ring().tryPublish(rig.request(5_000))) {
                published++;
            }
            assertThat(published).isEqualTo(1 + 10);
            assertThat(rig.path.ring().pendingBytes()).isBetween(1_000_000L, 1L << 20);
            assertThat(rig.path.ring().tryPublish(rig.request(100_000))).isFalse();
            held.countDown();
            for (int i = 0; i < published; i++) {
                assertThat(rig.loop.await().outcome()).isEqualTo(WriteOutcome.STORED);
            }
            assertThat(rig.path.ring().pendingBytes()).isZero();
        }
    }

    @Test
    void tellsARefusedClientWhenWhatWaitsWillHaveDrained() {
        long[] now = {0};
        var status = new WriterStatus(() -> now[0], TEN_SECONDS, new io.metricstream.storage.wal.WalPosition(1, 64, 0));
        assertThat(status.retryAfterSeconds(1 << 20)).as("nothing known yet").isEqualTo(1);
        for (int i = 0; i < 50; i++) {
            status.onCommit(status.durablePosition(), 1_000_000, 1_000_000_000L);
        }
        assertThat(status.retryAfterSeconds(500_000)).isEqualTo(1);
        assertThat(status.retryAfterSeconds(7_500_000)).isEqualTo(8);
        assertThat(status.retryAfterSeconds(1_000_000_000))
                .as("no longer than a minute")
                .isEqualTo(60);
        for (int i = 0; i < 50; i++) {
            status.onCommit(status.durablePosition(), 10_000_000, 1_000_000_000L);
        }
        assertThat(status.retryAfterSeconds(7_500_000)).as("faster by now").isEqualTo(1);
    }

    @Test
    void acknowledgesNothingAfterAFailedForce() throws Exception {
        failsForGood(Call.FORCE);
    }

    @Test
    void acknowledgesNothingAfterAFailedWrite() throws Exception {
        failsForGood(Call.WRITE);
    }

    private void failsForGood(Call call) throws Exception {
        WritePathRig rig = WritePathRig.start(disk);
        assertThat(rig.write(10)).isEqualTo(WriteOutcome.STORED);
        disk.fail(call, "00000001.wal");
        assertThat(rig.write(10)).isEqualTo(WriteOutcome.FAILED);
        assertThat(rig.state()).isEqualTo(WriterState.FAILED);
        assertThat(rig.path.status().failure()).contains("00000001.wal").contains("failing as asked for: " + call);
        for (int i = 0; i < 3; i++) {
            rig.leap(Duration.ofSeconds(5));
            assertThat(rig.write(10)).isEqualTo(WriteOutcome.FAILED);
        }
        assertThat(rig.path.ring().pendingBytes()).isZero();
        assertThat(rig.stop()).as("a failed writer is no clean stop").isFalse();
        assertThat(rig.state()).isEqualTo(WriterState.FAILED);
        assertThat(disk.openFiles()).isZero();
        checkAfterPowerCut(rig, "after a failed " + call);
        try (WritePathRig again = WritePathRig.start(disk.afterKill(), rig.ledger)) {
            assertThat(again.write(10)).as("a restart writes again").isEqualTo(WriteOutcome.STORED);
        }
    }

    @Test
    void refusesWhileTheDiskIsFullAndGoesOnWithoutARestart() throws Exception {
        try (WritePathRig rig = WritePathRig.start(disk)) {
            assertThat(rig.write(10)).isEqualTo(WriteOutcome.STORED);
            WritePathRig.await("a prepared segment", () -> disk.files().size() == 2);
            disk.capacityBytes(0);
            WriteOutcome outcome = WriteOutcome.STORED;
            for (int i = 0; i < 100 && outcome == WriteOutcome.STORED; i++) {
                outcome = rig.write(1_000);
            }
            assertThat(outcome).isEqualTo(WriteOutcome.DISK_FULL);
            assertThat(rig.state()).isEqualTo(WriterState.DISK_FULL);
            assertThat(rig.state().reason()).isEqualTo("the disk is full");
            rig.leap(Duration.ofSeconds(2));
            assertThat(rig.write(1)).isEqualTo(WriteOutcome.DISK_FULL);
            disk.capacityBytes(Long.MAX_VALUE);
            rig.leap(Duration.ofSeconds(2));
            WritePathRig.await("writing again", () -> rig.state() == WriterState.WRITING);
            assertThat(rig.write(1_000)).isEqualTo(WriteOutcome.STORED);
            checkAfterPowerCut(rig, "after a full disk");
        }
    }

    @Test
    void startsOnAFullDiskAndWritesOnceThereIsRoom() throws Exception {
        disk.capacityBytes(0);
        try (WritePathRig rig = WritePathRig.start(disk)) {
            assertThat(rig.state()).isEqualTo(WriterState.DISK_FULL);
            assertThat(rig.write(1)).isEqualTo(WriteOutcome.DISK_FULL);
            disk.capacityBytes(Long.MAX_VALUE);
            rig.leap(Duration.ofSeconds(2));
            WritePathRig.await("writing", () -> rig.state() == WriterState.WRITING);
            assertThat(rig.write(1)).isEqualTo(WriteOutcome.STORED);
            checkAfterPowerCut(rig, "after a start on a full disk");
        }
    }

    /** Space that went and came back while the current segment had room is nobody's business. */
    @Test
    void doesNotRefuseForAPreparationThatFailedLongAgo() throws Exception {
        disk.capacityBytes(64 << 10);
        try (WritePathRig rig = WritePathRig.start(disk)) {
            assertThat(rig.write(10)).isEqualTo(WriteOutcome.STORED);
            disk.capacityBytes(Long.MAX_VALUE);
            for (int i = 0; i < 40; i++) {
                assertThat(rig.write(1_000)).isEqualTo(WriteOutcome.STORED);
            }
        }
    }

    @Test
    void goesOnAfterASegmentCouldNotBeMadeForAnotherReason() throws Exception {
        try (WritePathRig rig = WritePathRig.start(disk)) {
            WritePathRig.await("a prepared segment", () -> disk.files().size() == 2);
            // Once for the preparation ahead, once for the attempt when it is needed.
            disk.fail(Call.CREATE, "00000003.wal.tmp");
            for (int i = 0; disk.willFail(Call.CREATE); i++) {
                assertThat(rig.write(1_000)).isEqualTo(WriteOutcome.STORED);
            }
            disk.fail(Call.CREATE, "00000003.wal.tmp");
            WriteOutcome outcome = WriteOutcome.STORED;
            for (int i = 0; i < 20 && outcome == WriteOutcome.STORED; i++) {
                outcome = rig.write(1_000);
            }
            assertThat(outcome).isEqualTo(WriteOutcome.DISK_FULL);
            assertThat(rig.state()).isEqualTo(WriterState.NO_SEGMENT);
            rig.leap(Duration.ofSeconds(2));
            WritePathRig.await("writing again", () -> rig.state() == WriterState.WRITING);
            assertThat(rig.write(1_000)).isEqualTo(WriteOutcome.STORED);
            checkAfterPowerCut(rig, "after a segment could not be made");
        }
    }

    @Test
    void isStalledWhileAForceHangsAndRecoversWhenItReturns() throws Exception {
        try (WritePathRig rig = WritePathRig.start(disk)) {
            assertThat(rig.write(1)).isEqualTo(WriteOutcome.STORED);
            CountDownLatch held = disk.holdForces();
            hangInForce(rig, disk);
            rig.leap(TEN_SECONDS.minusSeconds(2));
            assertThat(rig.state()).isEqualTo(WriterState.WRITING);
            rig.leap(Duration.ofSeconds(3));
            assertThat(rig.state()).isEqualTo(WriterState.STALLED);
            assertThat(rig.loop.isEmpty()).isTrue();
            held.countDown();
            assertThat(rig.loop.await().outcome()).isEqualTo(WriteOutcome.STORED);
            WritePathRig.await("writing again", () -> rig.state() == WriterState.WRITING);
            assertThat(rig.write(1)).isEqualTo(WriteOutcome.STORED);
        }
    }

    @Test
    void isNotStalledWhileThereIsNothingToDo() throws Exception {
        try (WritePathRig rig = WritePathRig.start(disk)) {
            assertThat(rig.write(1)).isEqualTo(WriteOutcome.STORED);
            for (int i = 0; i < 3; i++) {
                rig.leap(Duration.ofSeconds(9));
                WritePathRig.await("an idle round", () -> rig.path.status().idleNanos() < 1_000_000_000L);
                assertThat(rig.state()).isEqualTo(WriterState.WRITING);
            }
        }
    }

    @Test
    void storesWhatFitsUnderTheSeriesLimitOrNothingAtAllWhereThatIsWanted() throws Exception {
        try (WritePathRig rig = WritePathRig.start(disk, 3)) {
            // 23 samples a series: 2 series, of which the second is begun.
            assertThat(rig.write(30)).isEqualTo(WriteOutcome.STORED);
            WriteRequest refused = rig.request(40);
            refused.allOrNothing(true);
            assertThat(rig.path.ring().tryPublish(refused)).isTrue();
            assertThat(rig.loop.await().outcome()).isEqualTo(WriteOutcome.REFUSED);
            assertThat(refused.notStored())
                    .as("70 samples, 69 of them in three series")
                    .isEqualTo(1);
            assertThat(rig.series.size())
                    .as("nothing is created for what is refused")
                    .isEqualTo(2);

            WriteRequest half = rig.publish(46);
            assertThat(rig.loop.await().outcome()).isEqualTo(WriteOutcome.STORED);
            assertThat(half.notStored()).as("the third series is full by then").isEqualTo(24);
            assertThat(rig.series.size()).isEqualTo(3);
            checkAfterPowerCut(rig, "after the series limit");
        }
    }

    @Test
    void keepsTheOrderOfRequestsOfOneLoop() throws Exception {
        try (WritePathRig rig = WritePathRig.start(disk)) {
            List<WriteRequest> published = new ArrayList<>();
            List<WriteRequest> answered = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                WriteRequest request = rig.request(1 + i % 7);
                while (!rig.path.ring().tryPublish(request)) {
                    answered.add(rig.loop.await());
                }
                published.add(request);
            }
            while (answered.size() < published.size()) {
                answered.add(rig.loop.await());
            }
            assertThat(answered).isEqualTo(published);
            assertThat(rig.stop()).isTrue();
            assertThat(WritePathRig.found(disk).inOrder()).isTrue();
        }
    }

    @Test
    void osSurvivesAKillAndMemoryAStop() throws Exception {
        var config = new RingConfig(64, 1 << 20, TEN_SECONDS);
        WritePathRig os = WritePathRig.start(disk, config, Durability.OS);
        disk.fail(Call.FORCE, "00000001.wal");
        assertThat(os.write(10)).as("os does not force").isEqualTo(WriteOutcome.STORED);
        CrashingDisk killed = disk.copy();
        os.ledger.check(WritePathRig.found(killed), "after a kill under os");

        var other = new CrashingDisk(WritePathRig.DATA);
        WritePathRig memory = WritePathRig.start(other, config, Durability.MEMORY);
        long changes = other.changes();
        assertThat(memory.write(10)).isEqualTo(WriteOutcome.STORED);
        assertThat(other.changes()).as("memory does not write at once").isEqualTo(changes);
        memory.leap(Duration.ofSeconds(2));
        WritePathRig.await("the write of every second", () -> other.changes() > changes);
        memory.ledger.check(WritePathRig.found(other.copy()), "after a kill under memory, a second later");
        assertThat(memory.write(10)).isEqualTo(WriteOutcome.STORED);
        assertThat(memory.stop()).isTrue();
        memory.ledger.check(WritePathRig.found(other.afterPowerCut(new SplittableRandom(1))), "after a stop and a cut");
        disk.fail(Call.FORCE, "nothing");
        os.stop();
    }

    @Test
    void answersEveryRequestAfterABugAndTakesNoMore() throws Exception {
        WritePathRig rig = WritePathRig.start(disk);
        assertThat(rig.write(10)).isEqualTo(WriteOutcome.STORED);
        CountDownLatch held = disk.holdForces();
        hangInForce(rig, disk);
        for (int i = 0; i < 5; i++) {
            rig.publish(10);
        }
        disk.watch(call -> {
            if (call == Call.WRITE) {
                throw new IllegalArgumentException("a bug");
            }
        });
        held.countDown();
        assertThat(rig.loop.await().outcome()).isEqualTo(WriteOutcome.STORED);
        for (int i = 0; i < 5; i++) {
            assertThat(rig.loop.await().outcome()).isEqualTo(WriteOutcome.FAILED);
        }
        assertThat(rig.state()).isEqualTo(WriterState.FAILED);
        assertThat(rig.path.status().failure()).contains("a bug");
        assertThat(rig.write(1)).isEqualTo(WriteOutcome.FAILED);
        assertThat(rig.path.ring().pendingBytes()).isZero();
        disk.watch(call -> {});
        assertThat(rig.stop()).isFalse();
        checkAfterPowerCut(rig, "after a bug");
    }

    @Test
    void answersOtherLoopsWhereOneDoesNotTakeItsAnswers() throws Exception {
        try (WritePathRig rig = WritePathRig.start(disk)) {
            var broken = new Completions() {
                @Override
                public int index() {
                    return 1;
                }

                @Override
                public void onGroupDone(WriteRequest first) {
                    throw new IllegalStateException("a loop that is gone");
                }
            };
            for (int i = 0; i < 3; i++) {
                assertThat(rig.path.ring().tryPublish(rig.ledger.request(broken, rig.series, 5)))
                        .isTrue();
                assertThat(rig.write(5)).isEqualTo(WriteOutcome.STORED);
            }
            assertThat(rig.path.ring().pendingBytes()).isZero();
            assertThat(rig.state()).isEqualTo(WriterState.WRITING);
        }
    }

    @Test
    void writesARequestThatIsLargerThanASegment() throws Exception {
        try (WritePathRig rig = WritePathRig.start(disk)) {
            assertThat(rig.write(50_000)).isEqualTo(WriteOutcome.STORED);
            assertThat(rig.write(10)).isEqualTo(WriteOutcome.STORED);
            checkAfterPowerCut(rig, "after a large request");
        }
    }
}
