package io.metricstream.storage.store;

import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.part.Part;
import io.metricstream.storage.part.PartHeader;
import java.nio.file.Path;

/**
 * A part that queries may read; it is closed when it has left the set and the last of them is done.
 *
 * <p>Order: {@link #tryAcquire} before reading, {@link #release} after; the set holds a reference of its own. The file's
 * name may be gone long before the file is closed: an open file can still be read.
 */
@ThreadSafe("one volatile number; the part counts who reads it")
final class LivePart {
    private final Part part;
    private final Path path;
    private final long sinceMillis;
    private volatile long lookedThrough;

    LivePart(Part part, Path path, long sinceMillis) {
        this.part = part;
        this.path = path;
        this.sinceMillis = sinceMillis;
    }

    Part part() {
        return part;
    }

    PartHeader header() {
        return part.header();
    }

    Path path() {
        return path;
    }

    /** When it was opened by this process; what was found at the start is old. */
    long sinceMillis() {
        return sinceMillis;
    }

    /** No deletion up to this one hides anything of it. */
    long appliedDeletion() {
        return Math.max(header().origin().lastDeletion(), lookedThrough);
    }

    /** It was looked at, and no deletion up to this one hides anything of it. */
    void onNothingHidden(long lastDeletion) {
        lookedThrough = lastDeletion;
    }

    Partition partition() {
        return new Partition(
                header().origin().partitionStartMillis(), header().origin().partitionSpanMillis());
    }

    /**
     * Whether the other part was merged of this one and others. One that was flushed replaces nothing, whatever its range
     * is: where the log was damaged it has less than a part that was flushed before.
     */
    boolean isMergedInto(LivePart other) {
        return other != this
                && PartFiles.isMerged(other.path())
                && partition().equals(other.partition())
                && other.header().origin().firstSequence() <= header().origin().firstSequence()
                && header().origin().lastSequence() <= other.header().origin().lastSequence();
    }

    /** Takes a reference; false where the part has left the set and is closed. */
    boolean tryAcquire() {
        return part.tryAcquire();
    }

    void release() {
        part.release();
    }
}
