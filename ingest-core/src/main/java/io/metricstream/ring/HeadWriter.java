package io.metricstream.ring;

import io.metricstream.model.SampleBatch;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.wal.Wal;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what is durable into memory, and keeps log, memory and series table in step when a memtable is frozen.
 *
 * <p>Thread: DISK_WRITER only. A flusher that is behind is no failure of the writer: memory fills, and then writes are
 * refused until there is room.
 */
@OwnedBy(Role.DISK_WRITER)
final class HeadWriter {
    private static final Logger LOG = LoggerFactory.getLogger(HeadWriter.class);
    /** A log epoch is ended when the series to be logged again are a fifth of what may be deleted for it. */
    private static final int EPOCH_PER_KEY_BYTES = 4;

    private static final long POLL_NANOS = 1_000_000L;

    private final Head head;
    private final Wal log;
    private final SeriesResolver series;

    HeadWriter(Head head, Wal log, SeriesResolver series) {
        this.head = head;
        this.log = log;
        this.series = series;
    }

    /** Makes the stored samples of a committed group visible, in the order of the log. */
    void apply(Group group) throws StorageFailure {
        for (int i = 0; i < group.requests(); i++) {
            WriteRequest request = group.get(i);
            if (request.outcome() == WriteOutcome.STORED) {
                SampleBatch batch = request.batch();
                head.append(batch.refs(), batch.timestampsMillis(), batch.values(), batch.count());
            }
        }
        idle();
    }

    /** Everything that is logged is applied: freezes what is due. */
    void idle() throws StorageFailure {
        boolean unused = freezing(() -> head.onApplied(nextSequence()));
    }

    /** Whether there is room in memory for another group, after waiting for the flusher so many times a millisecond. */
    boolean awaitRoom(int polls) throws StorageFailure {
        boolean room = freezing(head::tryMakeRoom);
        for (int i = 0; i < polls && !room; i++) {
            LockSupport.parkNanos(POLL_NANOS);
            room = freezing(head::tryMakeRoom);
        }
        return room;
    }

    /** Freezes what there is; the last record in it, or empty where too much waits to be flushed already. */
    OptionalLong freeze() throws StorageFailure {
        return freezing(head::tryFreeze) ? OptionalLong.of(head.frozenUpTo()) : OptionalLong.empty();
    }

    /** The log is closed: freezes all that memory has, so that it can become parts. */
    void close() {
        boolean unused = head.onApplied(nextSequence());
        if (!head.tryFreeze()) {
            LOG.warn("not everything in memory could be flushed; the log has it");
        }
    }

    private long nextSequence() {
        return log.durablePosition().sequence();
    }

    private boolean freezing(BooleanSupplier attempt) throws StorageFailure {
        long before = head.frozenUpTo();
        boolean success = attempt.getAsBoolean();
        if (head.frozenUpTo() != before) {
            boolean otherRefs = series.renewSeries();
            if (otherRefs
                    || log.epochBytes() >= EPOCH_PER_KEY_BYTES * series.series().keyBytes()) {
                log.startEpoch();
            }
        }
        return success;
    }
}
