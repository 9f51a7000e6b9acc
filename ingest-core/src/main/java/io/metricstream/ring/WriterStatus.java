package io.metricstream.ring;

import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.wal.WalPosition;
import java.time.Duration;

/**
 * What event loops and operators may know of the disk writer: its state, its speed, and how far the log is durable.
 *
 * <p>Thread: the disk writer writes; anyone reads. Order: the durable position is published after the force that made
 * it true and before the requests of that group are answered.
 */
@ThreadSafe("volatile fields with one writer; readers need no two of them together")
public final class WriterStatus {
    private static final int MAX_RETRY_SECONDS = 60;
    private static final double RATE_WEIGHT = 0.2;

    private final NanoClock clock;
    private final long stallAfterNanos;
    private volatile WriterState state = WriterState.STOPPED;
    private volatile long lastProgressNanos;
    private volatile double drainBytesPerSecond;
    private volatile WalPosition durable;
    private volatile String failure = "";

    WriterStatus(NanoClock clock, Duration stallAfter, WalPosition start) {
        this.clock = clock;
        this.stallAfterNanos = stallAfter.toNanos();
        this.durable = start;
    }

    /** The state now; a writer without progress for too long is {@link WriterState#STALLED}. */
    public WriterState state() {
        WriterState now = state;
        if (now == WriterState.WRITING && idleNanos() > stallAfterNanos) {
            return WriterState.STALLED;
        }
        return now;
    }

    /** The failure that stopped the writer, for operators; empty where there is none. */
    public String failure() {
        return failure;
    }

    /** Everything before this position is durable as configured. */
    public WalPosition durablePosition() {
        return durable;
    }

    /** How long ago the writer last finished a group or found nothing to do. */
    public long idleNanos() {
        return clock.nanos() - lastProgressNanos;
    }

    /** How fast groups have been made durable lately, in bytes of {@link WriteRing#pendingBytes} a second. */
    public double drainBytesPerSecond() {
        return drainBytesPerSecond;
    }

    /** When a refused client may find room again: what waits over how fast it drains, in whole seconds, at least 1. */
    public int retryAfterSeconds(long pendingBytes) {
        double rate = drainBytesPerSecond;
        if (rate <= 0) {
            return 1;
        }
        return (int) Math.max(1, Math.min(MAX_RETRY_SECONDS, Math.ceil(pendingBytes / rate)));
    }

    void onState(WriterState now) {
        lastProgressNanos = clock.nanos();
        state = now;
    }

    void onFailure(String reason) {
        failure = reason;
        state = WriterState.FAILED;
    }

    void onIdle() {
        lastProgressNanos = clock.nanos();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // The disk writer alone writes.
    void onCommit(WalPosition position, long weightBytes, long tookNanos) {
        durable = position;
        lastProgressNanos = clock.nanos();
        double rate = weightBytes * 1e9 / Math.max(1, tookNanos);
        double before = drainBytesPerSecond;
        drainBytesPerSecond = before == 0 ? rate : before + (rate - before) * RATE_WEIGHT;
    }
}
