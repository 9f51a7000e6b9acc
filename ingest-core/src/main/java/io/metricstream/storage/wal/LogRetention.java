package io.metricstream.storage.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.SegmentFiles.Segment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Which segments of the log are still needed, and the deleting of the others.
 *
 * <p>A record is needed until a checkpoint is past it and no {@link Hold} begins before it, and so is all that lies
 * between it and the beginning of its log epoch, for that is where the series are that it names.
 *
 * <p>Thread: the disk writer tells of epochs, the flusher of checkpoints; whoever follows the log holds what it still
 * has to read. Limits: one entry for each epoch whose records are still there.
 */
@ThreadSafe("a lock held for a few comparisons; files are deleted outside of it, by the flusher alone")
public final class LogRetention {
    private final SegmentFiles files;

    /** Guards what is below; no other lock is taken under it. */
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Deque<WalPosition> epochs = new ArrayDeque<>();

    @GuardedBy("lock")
    private final Set<Hold> holds = new HashSet<>();

    public LogRetention(Disk disk, Path dataFolder) {
        this.files = new SegmentFiles(disk, WalReader.folder(dataFolder));
    }

    /** Keeps what a follower of the log has not read yet, until it is closed. */
    public final class Hold implements AutoCloseable {
        private long sequence;

        private Hold(long sequence) {
            this.sequence = sequence;
        }

        /** What lies before this position is not needed any more. */
        public void moveTo(WalPosition position) {
            synchronized (lock) {
                sequence = position.sequence();
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                holds.remove(this);
            }
        }
    }

    /** Keeps what begins at this position; what is gone already does not come back. */
    public Hold hold(WalPosition from) {
        var hold = new Hold(from.sequence());
        synchronized (lock) {
            holds.add(hold);
        }
        return hold;
    }

    /** A log epoch begins at this position. */
    public void onEpoch(WalPosition start) {
        synchronized (lock) {
            epochs.addLast(start);
        }
    }

    /** Deletes the segments that a log with this checkpoint does not need; returns how many. */
    public int deleteUnneeded(Checkpoint checkpoint) throws StorageFailure {
        return deleteBefore(firstNeeded(checkpoint));
    }

    /**
     * Deletes all segments of a log that is closed, where every record is in parts and nobody follows; otherwise those
     * that are not needed.
     *
     * @param end where the log ends
     */
    public int deleteClosed(Checkpoint checkpoint, WalPosition end) throws StorageFailure {
        boolean unneeded;
        synchronized (lock) {
            unneeded = checkpoint.sequence() == end.sequence() - 1
                    && holds.stream().allMatch(hold -> hold.sequence >= end.sequence());
        }
        return unneeded ? deleteBefore(Long.MAX_VALUE) : deleteUnneeded(checkpoint);
    }

    /** The segment in which the epoch of the oldest needed record begins. */
    private long firstNeeded(Checkpoint checkpoint) {
        synchronized (lock) {
            long needed = checkpoint.sequence() + 1;
            for (Hold hold : holds) {
                needed = Math.min(needed, hold.sequence);
            }
            WalPosition start = WalPosition.START;
            while (!epochs.isEmpty() && epochs.getFirst().sequence() <= needed) {
                start = epochs.removeFirst();
            }
            epochs.addFirst(start);
            return start.segment();
        }
    }

    /** From the oldest on, each durably, so that what is left after a power cut is the end of the log without a gap. */
    private int deleteBefore(long segment) throws StorageFailure {
        int deleted = 0;
        for (Segment old : files.list()) {
            if (old.number() < segment) {
                files.disk().delete(old.path());
                files.disk().syncFolder(files.folder());
                deleted++;
            }
        }
        return deleted;
    }
}
