package io.metricstream.ring;

import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.SeriesTable;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.SeriesReplay;
import io.metricstream.storage.wal.WalConfig;
import io.metricstream.storage.wal.WalPosition;
import io.metricstream.storage.wal.WalReader;
import io.metricstream.storage.wal.WalRecovery;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The write path as the server has it, with its two threads, on a simulated disk and with a clock that the test moves. */
final class WritePathRig implements AutoCloseable {
    static final Path DATA = Path.of("data");
    private static final long LIMIT_NANOS = 60_000_000_000L;

    final SeriesTable series;
    final WritePath path;
    final TestLoop loop = new TestLoop(0);
    final Ledger ledger;
    private final AtomicLong leapNanos = new AtomicLong();

    private WritePathRig(CrashingDisk disk, RingConfig ring, Durability durability, int maxSeries, Ledger ledger)
            throws StorageFailure {
        this.ledger = ledger;
        series = new SeriesTable(maxSeries, 1 << 20);
        ExecutorService preallocator = Executors.newSingleThreadExecutor(task -> new Thread(task, "wal-preallocator"));
        WalRecovery.Recovered recovered;
        try {
            recovered = new WalRecovery(disk, DATA)
                    .open(
                            new WalConfig(durability, 64 << 10),
                            new SeriesReplay(series),
                            (done, total) -> {},
                            preallocator,
                            this::nanos);
        } catch (StorageFailure e) {
            preallocator.shutdown();
            throw e;
        }
        series.reserveRefsBelow(recovered.report().nextRef());
        series.releaseOwner();
        recovered.log().releaseOwner();
        path = new WritePath(ring, recovered.log(), series, new SimpleMeterRegistry(), this::nanos);
        path.start();
    }

    static WritePathRig start(CrashingDisk disk) throws StorageFailure {
        return start(disk, new RingConfig(64, 1 << 20, Duration.ofSeconds(10)), Durability.FSYNC);
    }

    static WritePathRig start(CrashingDisk disk, RingConfig ring, Durability durability) throws StorageFailure {
        return new WritePathRig(disk, ring, durability, 100_000, new Ledger());
    }

    static WritePathRig start(CrashingDisk disk, int maxSeries) throws StorageFailure {
        return new WritePathRig(
                disk, new RingConfig(64, 1 << 20, Duration.ofSeconds(10)), Durability.FSYNC, maxSeries, new Ledger());
    }

    static WritePathRig start(CrashingDisk disk, Ledger ledger) throws StorageFailure {
        return new WritePathRig(
                disk, new RingConfig(64, 1 << 20, Duration.ofSeconds(10)), Durability.FSYNC, 100_000, ledger);
    }

    /** The real time, and what {@link #leap} added to it. */
    private long nanos() {
        return System.nanoTime() + leapNanos.get();
    }

    void leap(Duration by) {
        leapNanos.addAndGet(by.toNanos());
    }

    WriteRequest request(int samples) {
        return ledger.request(loop, series, samples);
    }

    /** Publishes a request, which must find room. */
    WriteRequest publish(int samples) {
        WriteRequest request = request(samples);
        if (!path.ring().tryPublish(request)) {
            throw new AssertionError("the ring is full");
        }
        return request;
    }

    /** Writes one request and says what became of it. */
    WriteOutcome write(int samples) throws InterruptedException {
        publish(samples);
        return loop.await().outcome();
    }

    WriterState state() {
        return path.status().state();
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come: " + what);
            }
            LockSupport.parkNanos(200_000);
        }
    }

    /** What a disk holds, read without changing it. */
    static Ledger.Found found(CrashingDisk disk) throws StorageFailure {
        var found = new Ledger.Found();
        new WalReader(disk, DATA, WalPosition.START, found, bytes -> {}).readTo(null);
        return found;
    }

    boolean stop() throws InterruptedException {
        return path.stop(Duration.ofSeconds(30));
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
