package io.metricstream.storage.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.SegmentFiles.Segment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the log is in parts, which of its segments are still needed, and the deleting of the others.
 *
 * <p>A record is needed until a checkpoint is past it and no {@link Hold} begins before it, and so is all that lies
 * between it and the beginning of its log epoch, for that is where the series are that it names.
 *
 * <p>Thread: any; the disk writer tells of epochs, the flusher of checkpoints, and whoever follows the log holds what it
 * still has to read. Order: until a recovery is through, no epoch is known and nothing is deleted. Limits: one entry for
 * each epoch whose records are still there.
 */
@ThreadSafe(
        "a lock held for a few comparisons; the checkpoint is volatile, written by the flusher and, at last, a stop")
public final class LogRetention {
    private static final Logger LOG = LoggerFactory.getLogger(LogRetention.class);

    private final SegmentFiles files;
    private final Path dataFolder;
    private final boolean checkpointIsWhole;
    private volatile Checkpoint checkpoint;
    private volatile long usedSequence = -1;

    /** Guards what is below; no other lock is taken under it. */
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Deque<WalPosition> epochs = new ArrayDeque<>();

    @GuardedBy("lock")
    private final Set<Hold> holds = new HashSet<>();

    private LogRetention(SegmentFiles files, Path dataFolder, @Nullable Checkpoint checkpoint) {
        this.files = files;
        this.dataFolder = dataFolder;
        this.checkpointIsWhole = checkpoint != null;
        this.checkpoint = checkpoint == null ? Checkpoint.NONE : checkpoint;
    }

    /** That of a data folder. A damaged checkpoint counts as none, so that more of the log is read than need be. */
    public static LogRetention open(Disk disk, Path dataFolder) throws StorageFailure {
        disk.delete(DurableFiles.temporary(Checkpoint.path(dataFolder)));
        Checkpoint found;
        try {
            found = Checkpoint.read(disk, dataFolder);
        } catch (StorageFailure.Corrupt e) {
            LOG.warn("the whole log is read again: {}", e.getMessage());
            found = null;
        }
        return new LogRetention(new SegmentFiles(disk, WalReader.folder(dataFolder)), dataFolder, found);
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

    /** How far the log is in parts. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Before a recovery: parts know of records up to this number, so it is not given out again. */
    public void onUsed(long sequence) {
        usedSequence = sequence;
    }

    /** All samples up to this record are in parts: remembers it durably, then deletes what is not needed any more. */
    public void onFlushed(long sequence) throws StorageFailure {
        move(sequence, newestSegment());
        deleteBefore(firstNeeded());
    }

    /**
     * The log is closed. Where all of it is in parts and nobody still has to read it, it goes altogether.
     *
     * @param sequence the last record up to which all samples are in parts
     * @param end where the log ends
     */
    public void onClosed(long sequence, WalPosition end) throws StorageFailure {
        move(sequence, end.segment());
        boolean done;
        synchronized (lock) {
            done = sequence == end.sequence() - 1 && holds.stream().allMatch(hold -> hold.sequence >= end.sequence());
        }
        deleteBefore(done ? Long.MAX_VALUE : firstNeeded());
    }

    /** The number of the first record that nothing but the log has; -1 where that is not known. */
    long firstWanted() {
        return checkpointIsWhole ? checkpoint.sequence() + 1 : -1;
    }

    /** A number that no record has had yet, nor any before it. */
    long firstUnused() {
        return Math.max(usedSequence, checkpoint.sequence()) + 1;
    }

    private void move(long sequence, long segment) throws StorageFailure {
        var next = new Checkpoint(sequence, segment);
        if (!next.equals(checkpoint)) {
            next.write(files.disk(), dataFolder);
            checkpoint = next;
        }
    }

    private long newestSegment() {
        synchronized (lock) {
            return epochs.isEmpty() ? checkpoint.segment() : epochs.getLast().segment();
        }
    }

    /** The segment in which the epoch of the oldest needed record begins. */
    private long firstNeeded() {
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
    private void deleteBefore(long segment) throws StorageFailure {
        for (Segment old : files.list()) {
            if (old.number() < segment) {
                files.disk().delete(old.path());
                files.disk().syncFolder(files.folder());
            }
        }
    }
}
