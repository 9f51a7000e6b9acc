package io.metricstream.ring;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.Sequence;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.SameThreadExecutor;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.FrozenList;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.HeadReplay;
import io.metricstream.storage.head.HeadSnapshot;
import io.metricstream.storage.head.Memtable;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.RecoveryReport;
import io.metricstream.storage.wal.Wal;
import io.metricstream.storage.wal.WalConfig;
import io.metricstream.storage.wal.WalRecovery;
import io.metricstream.storage.wal.WalReplay;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The shipped disk writer with its ring and log, recovered from a disk and driven by the test's own thread, so that it
 * makes the same calls every time.
 */
final class WriterByHand {
    static final Path DATA = Path.of("data");
    static final int SEGMENT_BYTES = 64 << 10;
    private static final WalConfig FORCED = new WalConfig(Durability.FSYNC, SEGMENT_BYTES, 0);

    private static final HeadConfig HEAD =
            new HeadConfig(64 << 20, Duration.ofHours(2), SeriesLimits.of(10_000, 1 << 20));

    final FrozenList sink = new FrozenList();
    final Head head;
    final TestLoop loop = new TestLoop(0);
    final Ledger.Found found = new Ledger.Found();
    final RecoveryReport report;
    final WriterStatus status;
    final LogRetention retention;

    private final CrashingDisk disk;
    private final Wal log;
    private final WriteRing ring;
    private final DiskWriter writer;
    private final Sequence taken = new Sequence();
    private long nowNanos = 1;

    private WriterByHand(CrashingDisk disk, WalConfig logConfig, HeadConfig memory, boolean flushes)
            throws StorageFailure {
        head = new Head(memory, sink, () -> nowNanos);
        this.disk = disk;
        retention = LogRetention.open(disk, DATA);
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
                if (flushes) {
                    flush();
                }
                found.onSamples(sequence, count, refs, timestampsMillis, values);
            }
        };
        WalRecovery.Recovered recovered = new WalRecovery(disk, DATA, retention)
                .open(logConfig, both, (done, total) -> {}, new SameThreadExecutor(), () -> nowNanos);
        toHead.finish(recovered.log().durablePosition().sequence());
        head.releaseOwner();
        report = recovered.report();
        log = recovered.log();
        var config = new RingConfig(64, 1 << 20, Duration.ofSeconds(10));
        var pace = new GroupPace(() -> nowNanos);
        ring = new WriteRing(config, new ParkingWait(pace, 1));
        status = new WriterStatus(
                () -> nowNanos, config.stallAfter(), recovered.log().durablePosition());
        var meters = new WriterMeters(new SimpleMeterRegistry(), ring, status);
        writer = new DiskWriter(ring, log, head, status, meters, pace, () -> nowNanos);
        ring.buffer().addGatingSequences(taken);
        writer.begin();
        writer.onStart();
    }

    static WriterByHand recover(CrashingDisk disk, Durability durability) throws StorageFailure {
        return new WriterByHand(disk, new WalConfig(durability, SEGMENT_BYTES, 0), HEAD, false);
    }

    /** The same, where what is frozen meanwhile is flushed at once. */
    static WriterByHand recoverFlushing(CrashingDisk disk, HeadConfig memory) throws StorageFailure {
        return new WriterByHand(disk, FORCED, memory, true);
    }

    static WriterByHand recover(CrashingDisk disk, HeadConfig memory) throws StorageFailure {
        return new WriterByHand(disk, FORCED, memory, false);
    }

    /** The same, where the log leaves so much of the disk free. */
    static WriterByHand recover(CrashingDisk disk, HeadConfig memory, long reserveBytes) throws StorageFailure {
        return new WriterByHand(disk, new WalConfig(Durability.FSYNC, SEGMENT_BYTES, reserveBytes), memory, false);
    }

    /** A request of the ledger's next samples, resolved by the series as they are now. */
    WriteRequest request(Ledger ledger, int samples) {
        return ledger.request(loop, head.series(), samples);
    }

    /** Writes these requests as one group and answers them. */
    void group(WriteRequest... requests) throws InterruptedException {
        for (WriteRequest request : requests) {
            if (!publish(request)) {
                throw new AssertionError("the ring is full");
            }
        }
        run();
        for (int i = 0; i < requests.length; i++) {
            WriteRequest unused = loop.await();
        }
    }

    boolean publish(WriteRequest request) {
        return ring.tryPublish(request);
    }

    boolean publish(FreezeRequest request) {
        return ring.tryPublish(request);
    }

    /** Takes all that is in the ring. */
    void run() {
        long last = ring.buffer().getCursor();
        for (long next = taken.get() + 1; next <= last; next++) {
            try {
                writer.onEvent(ring.buffer().get(next), next, next == last);
            } catch (RuntimeException | AssertionError bug) {
                writer.onBug(bug);
            }
            taken.set(next);
        }
    }

    /** The ring is empty for this long. */
    void idle(Duration time) {
        nowNanos += time.toNanos();
        writer.onTimeout(taken.get());
    }

    /** What freezes memory; the number of the last record in it, or empty where it could not be. */
    OptionalLong freeze() {
        var request = new FreezeRequest();
        assertThat(publish(request)).isTrue();
        run();
        return request.frozenUpTo().join();
    }

    /** Does what a flusher does with all that is frozen. */
    void flush() throws StorageFailure {
        for (Memtable frozen = sink.oldest(); frozen != null; frozen = sink.oldest()) {
            FlushedFiles.write(disk, frozen);
            retention.onFlushed(sink.flushOldest(head));
        }
    }

    /** What memory and files have. */
    Ledger.Stored stored() throws StorageFailure {
        var stored = new Ledger.Stored();
        try (HeadSnapshot snapshot = head.acquire()) {
            for (Memtable memtable : snapshot.memtables()) {
                FlushedFiles.read(memtable, stored);
            }
        }
        FlushedFiles.read(disk, stored);
        return stored;
    }

    void stop() {
        writer.onShutdown();
    }

    /** Stops, and leaves nothing in the log that is in files. */
    void stopAndFlush() throws StorageFailure {
        stop();
        if (status.state() == WriterState.STOPPED) {
            flush();
            retention.onClosed(head.flushedUpTo(), log.durablePosition());
        }
    }
}
