package io.metricstream.ring;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.ExceptionHandler;
import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.wal.Wal;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * The ring with its disk writer, started and stopped as one.
 *
 * <p>Thread: one thread starts and stops it; {@link #ring} and {@link #status} are for everyone. Owns: the thread named
 * {@code disk-writer}, and through it the log, which it closes.
 */
@ThreadSafe("started and stopped by one thread; what it hands out is thread-safe")
public final class WritePath {
    private static final long HOUSEKEEPING_NANOS = 100_000_000L;
    private static final long DRAIN_POLL_NANOS = 1_000_000L;

    private final NanoClock clock;
    private final WriteRing ring;
    private final WriterStatus status;
    private final BatchEventProcessor<WriteRing.Slot> processor;
    private final DiskWriter writer;
    private final Thread thread;

    public WritePath(RingConfig config, Wal log, Head head, MeterRegistry registry, NanoClock clock) {
        this.clock = clock;
        var pace = new GroupPace(clock);
        this.ring = new WriteRing(config, new ParkingWait(pace, HOUSEKEEPING_NANOS));
        this.status = new WriterStatus(clock, config.stallAfter(), log.durablePosition());
        this.writer = new DiskWriter(ring, log, head, status, new WriterMeters(registry, ring, status), pace, clock);
        this.processor = new BatchEventProcessorBuilder()
                .build(ring.buffer(), ring.buffer().newBarrier(), writer);
        this.processor.setExceptionHandler(new StopOnBug(writer));
        ring.buffer().addGatingSequences(processor.getSequence());
        this.thread = new Thread(processor, "disk-writer");
    }

    public void start() {
        writer.begin();
        thread.start();
    }

    public WriteRing ring() {
        return ring;
    }

    public WriterStatus status() {
        return status;
    }

    /**
     * Freezes what is in memory: everything that was acknowledged before the call is in it.
     *
     * @return the last record in what was frozen, completed by the disk writer; empty where the ring is full or too much
     *     waits to be flushed already, which ends by itself, and where writing has failed, which {@link #status} says
     */
    public CompletableFuture<OptionalLong> freeze() {
        var request = new FreezeRequest();
        if (!ring.tryPublish(request)) {
            request.frozenUpTo().complete(OptionalLong.empty());
        }
        return request.frozenUpTo();
    }

    /**
     * Waits until the ring is empty, at most so long, then ends the disk writer, which syncs and closes the log.
     *
     * @return false where requests were left unanswered, or the writer had failed or did not end in time
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        long deadlineNanos = clock.nanos() + timeout.toNanos();
        while (ring.pendingBytes() > 0 && thread.isAlive() && clock.nanos() < deadlineNanos) {
            LockSupport.parkNanos(DRAIN_POLL_NANOS);
        }
        boolean drained = ring.pendingBytes() == 0;
        processor.halt();
        thread.join(Math.max(1, (deadlineNanos - clock.nanos()) / 1_000_000L) + 1000);
        return drained && !thread.isAlive() && status.state() != WriterState.FAILED;
    }

    /** What reaches this handler is a bug, for the writer handles every failure it expects. */
    private record StopOnBug(DiskWriter writer) implements ExceptionHandler<WriteRing.Slot> {
        @Override
        public void handleEventException(Throwable bug, long sequence, WriteRing.Slot slot) {
            writer.onBug(bug);
        }

        @Override
        public void handleOnStartException(Throwable bug) {
            writer.onBug(bug);
        }

        @Override
        public void handleOnShutdownException(Throwable bug) {
            writer.onBug(bug);
        }
    }
}
