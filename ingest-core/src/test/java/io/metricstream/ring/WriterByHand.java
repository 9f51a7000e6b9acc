package io.metricstream.ring;

import com.lmax.disruptor.Sequence;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.SameThreadExecutor;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.FrozenList;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.HeadReplay;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.RecoveryReport;
import io.metricstream.storage.wal.WalConfig;
import io.metricstream.storage.wal.WalRecovery;
import io.metricstream.storage.wal.WalReplay;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The shipped disk writer with its ring and log, recovered from a disk and driven by the test's own thread, so that it
 * makes the same calls every time.
 */
final class WriterByHand {
    static final Path DATA = Path.of("data");
    static final int SEGMENT_BYTES = 64 << 10;

    private static final HeadConfig HEAD =
            new HeadConfig(64 << 20, Duration.ofHours(2), new SeriesLimits(10_000, 1 << 20));

    final FrozenList sink = new FrozenList();
    final Head head;
    final TestLoop loop = new TestLoop(0);
    final Ledger.Found found = new Ledger.Found();
    final RecoveryReport report;
    final WriterStatus status;

    private final WriteRing ring;
    private final DiskWriter writer;
    private final Sequence taken = new Sequence();
    private long nowNanos = 1;

    private WriterByHand(CrashingDisk disk, Durability durability) throws StorageFailure {
        head = new Head(HEAD, sink, () -> nowNanos);
        LogRetention retention = LogRetention.open(disk, DATA);
        var toHead = new HeadReplay(head, retention.checkpoint().sequence(), new long[0]);
        var both = new WalReplay() {
            @Override
            public void onSeries(int ref, byte[] key, int offset, int length) {
                toHead.onSeries(ref, key, offset, length);
                found.onSeries(ref, key, offset, length);
            }

            @Override
            public void onSamples(long sequence, int count, int[] refs, long[] timestampsMillis, double[] values)
                    throws StorageFailure {
                toHead.onSamples(sequence, count, refs, timestampsMillis, values);
                found.onSamples(sequence, count, refs, timestampsMillis, values);
            }
        };
        WalRecovery.Recovered recovered = new WalRecovery(disk, DATA, retention)
                .open(
                        new WalConfig(durability, SEGMENT_BYTES),
                        both,
                        (done, total) -> {},
                        new SameThreadExecutor(),
                        () -> nowNanos);
        toHead.finish(recovered.log().durablePosition().sequence());
        report = recovered.report();
        var config = new RingConfig(64, 1 << 20, Duration.ofSeconds(10));
        var pace = new GroupPace(() -> nowNanos);
        ring = new WriteRing(config, new ParkingWait(pace, 1));
        status = new WriterStatus(
                () -> nowNanos, config.stallAfter(), recovered.log().durablePosition());
        var meters = new WriterMeters(new SimpleMeterRegistry(), ring, status);
        writer = new DiskWriter(ring, recovered.log(), head, status, meters, pace, () -> nowNanos);
        ring.buffer().addGatingSequences(taken);
        writer.onStart();
    }

    static WriterByHand recover(CrashingDisk disk, Durability durability) throws StorageFailure {
        return new WriterByHand(disk, durability);
    }

    /** Writes these requests as one group and answers them. */
    void group(WriteRequest... requests) throws InterruptedException {
        for (WriteRequest request : requests) {
            if (!ring.tryPublish(request)) {
                throw new AssertionError("the ring is full");
            }
        }
        long last = ring.buffer().getCursor();
        for (long next = taken.get() + 1; next <= last; next++) {
            try {
                writer.onEvent(ring.buffer().get(next), next, next == last);
            } catch (RuntimeException | AssertionError bug) {
                writer.onBug(bug);
            }
            taken.set(next);
        }
        for (int i = 0; i < requests.length; i++) {
            loop.await();
        }
    }

    /** The ring is empty for this long. */
    void idle(Duration time) {
        nowNanos += time.toNanos();
        writer.onTimeout(taken.get());
    }

    void stop() {
        writer.onShutdown();
    }
}
