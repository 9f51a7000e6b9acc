package io.metricstream.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.CrashingDisk.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The whole write path with its real threads through many lives on one disk, each with a random load and a random end: a
 * power cut or a kill at any change, a failed force, a full disk, a clean stop. {@code -Dcrash.rounds} makes it longer.
 */
final class CrashLoopTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("crash.rounds", 150);
    private static final int LIVES_OF_A_DISK = 10;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void everyAcknowledgedSampleSurvivesEveryEnd() throws Exception {
        System.out.println("CrashLoopTest: rounds=" + ROUNDS + ", seed=" + SEED);
        long acknowledged = 0;
        for (int round = 0; round < ROUNDS; round += LIVES_OF_A_DISK) {
            var disk = new CrashingDisk(WritePathRig.DATA);
            var ledger = new Ledger();
            for (int life = 0; life < LIVES_OF_A_DISK; life++) {
                disk = live(disk, ledger, "disk " + round / LIVES_OF_A_DISK + ", life " + life);
                disk.capacityBytes(Long.MAX_VALUE);
                ledger.check(WritePathRig.found(disk), "disk " + round / LIVES_OF_A_DISK + ", after life " + life);
            }
            acknowledged += ledger.acknowledged();
        }
        assertThat(acknowledged).isPositive();
        System.out.println("CrashLoopTest: acknowledged=" + acknowledged);
    }

    /** One life; returns the disk that the next one finds. */
    private CrashingDisk live(CrashingDisk disk, Ledger ledger, String when) throws Exception {
        try (WritePathRig rig = WritePathRig.start(disk, ledger)) {
            int end = random.nextInt(10);
            if (end < 6) {
                disk.cutPowerAt(1 + random.nextInt(120));
            } else if (end == 6) {
                disk.fail(Call.FORCE, ".wal");
            } else if (end == 7) {
                disk.hidesUsage(random.nextBoolean());
                disk.capacityBytes(random.nextInt(600_000));
            }
            load(rig, 20 + random.nextInt(60));
            if (end == 9) {
                assertThat(rig.stop()).as("a clean stop, " + when).isTrue();
            }
            CrashingDisk after = random.nextInt(4) == 0 ? disk.afterKill() : disk.afterPowerCut(random);
            after.hidesUsage(false);
            return after;
        }
    }

    private void load(WritePathRig rig, int requests) throws InterruptedException {
        List<WriteRequest> waiting = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            WriteRequest request = rig.request(1 + random.nextInt(random.nextInt(20) == 0 ? 8_000 : 300));
            if (rig.path.ring().tryPublish(request)) {
                waiting.add(request);
            }
            while (waiting.size() > random.nextInt(12)) {
                assertThat(rig.loop.await()).isSameAs(waiting.remove(0));
            }
        }
        while (!waiting.isEmpty()) {
            assertThat(rig.loop.await()).isSameAs(waiting.remove(0));
        }
    }
}
