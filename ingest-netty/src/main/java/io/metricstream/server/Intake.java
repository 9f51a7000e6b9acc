package io.metricstream.server;

import io.metricstream.http.Admission;
import io.metricstream.http.Readiness;
import io.metricstream.http.Refusal;
import io.metricstream.own.ThreadSafe;
import io.metricstream.ring.WritePath;
import io.metricstream.ring.WriteRing;
import io.metricstream.ring.WriterState;
import io.metricstream.ring.WriterStatus;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether writes are taken, from the first moment of the process to the last: recovering, then whatever the disk writer
 * says, then draining.
 *
 * <p>Thread: start-up and shutdown write, event loops read. Order: the write path is set once, after it was started.
 */
@ThreadSafe("volatile fields with one writer; readers need no two of them together")
final class Intake implements Admission {
    private static final int RECOVERY_RETRY_SECONDS = 2;
    private static final int DISK_RETRY_SECONDS = 5;
    private static final int FAILED_RETRY_SECONDS = 30;

    private final String durability;
    private volatile @Nullable WritePath writePath;
    private volatile long recoveredBytes;
    private volatile long recoveryBytes;
    private volatile boolean draining;
    private volatile boolean ended;

    Intake(Enum<?> durability) {
        this.durability = durability.name().toLowerCase(Locale.ROOT);
    }

    /** The log has been read so far. */
    void onRecovery(long doneBytes, long totalBytes) {
        recoveryBytes = totalBytes;
        recoveredBytes = doneBytes;
    }

    /** From here on writes are taken. */
    void open(WritePath started) {
        writePath = started;
    }

    /** The server is stopping: {@code /ready} says so, and each connection ends with its next answer. */
    void drain() {
        draining = true;
    }

    /** The listener is closed: writes that have not begun are refused, and what is under way is finished. */
    void end() {
        ended = true;
    }

    @Override
    public @Nullable Refusal check() {
        if (ended) {
            return Refusal.unavailable("draining", "the server is stopping", 1);
        }
        WritePath path = writePath;
        if (path == null) {
            return Refusal.unavailable("recovering", "the log is being read after a start", RECOVERY_RETRY_SECONDS);
        }
        WriterState state = path.status().state();
        return state == WriterState.WRITING ? null : refusal(state);
    }

    /** Null where what is stored can be asked for. */
    @Nullable
    Refusal readRefusal() {
        if (ended) {
            return Refusal.unavailable("draining", "the server is stopping", 1);
        }
        return writePath == null
                ? Refusal.unavailable("recovering", "the log is being read after a start", RECOVERY_RETRY_SECONDS)
                : null;
    }

    @Override
    public WriteRing ring() {
        WritePath path = writePath;
        if (path == null) {
            throw new IllegalStateException("a write was let through during recovery");
        }
        return path.ring();
    }

    @Override
    public Refusal ringFull() {
        WriteRing ring = ring();
        WritePath path = writePath;
        int seconds = path == null ? 1 : path.status().retryAfterSeconds(ring.pendingBytes());
        return Refusal.unavailable("ring_full", "too much waits for the disk", seconds);
    }

    @Override
    public Readiness readiness() {
        Refusal refusal = draining ? Refusal.unavailable("draining", "the server is stopping", 1) : check();
        return new Readiness(refusal, state(refusal), durability, recoveredBytes, recoveryBytes);
    }

    @Override
    public boolean draining() {
        return draining;
    }

    private String state(@Nullable Refusal refusal) {
        return refusal == null ? "writing" : refusal.code();
    }

    /** What is answered where the disk writer is in this state. */
    static Refusal refusal(WriterState state) {
        return switch (state) {
            case DISK_FULL, DISK_LOW -> Refusal.unavailable("disk_full", state.reason(), DISK_RETRY_SECONDS);
            case NO_SEGMENT -> Refusal.unavailable("no_segment", state.reason(), DISK_RETRY_SECONDS);
            case FLUSH_BEHIND -> Refusal.unavailable("flush_behind", state.reason(), 1);
            case STALLED -> Refusal.unavailable("stalled", state.reason(), DISK_RETRY_SECONDS);
            case FAILED -> Refusal.unavailable("writer_failed", state.reason(), FAILED_RETRY_SECONDS);
            case STOPPED, WRITING -> Refusal.unavailable("draining", state.reason(), 1);
        };
    }

    /** What stopped the disk writer, for the log at shutdown; empty where nothing did. */
    String failure() {
        WritePath path = writePath;
        WriterStatus status = path == null ? null : path.status();
        return status == null ? "" : status.failure();
    }
}
