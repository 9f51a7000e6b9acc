package io.metricstream.storage.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Memtable;
import io.metricstream.storage.merge.Deletion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/**
 * What the store consists of, and the only place where that changes.
 *
 * <p>Readers take {@link #view}, which is immutable; a change makes a new one. The lock is held while files are published
 * or deleted, never while samples are read or written.
 */
@ThreadSafe("changes are made under one lock; readers see immutable lists")
final class PartSet {
    private final Object lock = new Object();
    private final Disk disk;
    private final Path dataFolder;
    private final PartFiles files;

    private final AtomicInteger mergeHolds = new AtomicInteger();

    private volatile Content content;

    /** Parts in the order of {@link PartFiles#ORDER}. */
    private record Content(List<LivePart> parts, Deletions deletions) {}

    /** Files of parts that are in the set no more. */
    @GuardedBy("lock")
    private final Set<Path> left = new LinkedHashSet<>();

    @GuardedBy("lock")
    private boolean closed;

    PartSet(Disk disk, Path dataFolder, PartFiles files, List<LivePart> parts, Deletions deletions) {
        this.disk = disk;
        this.dataFolder = dataFolder;
        this.files = files;
        this.content = new Content(List.copyOf(parts), deletions);
    }

    /**
     * What there is to read now beside these memtables, which were taken before, and before them the deletions: one that was
     * forgotten meanwhile, as these memtables are in parts without what it hides, still hides it in them.
     */
    View view(Deletions before, List<Memtable> memtables) {
        Content now = content;
        return new View(memtables, now.parts(), now.deletions().and(before));
    }

    List<LivePart> parts() {
        return content.parts();
    }

    Deletions deletions() {
        return content.deletions();
    }

    /** The parts of the partition that has most of them. */
    int mostInPartition() {
        int most = 0;
        int run = 0;
        LivePart before = null;
        for (LivePart part : content.parts()) {
            run = before != null && before.partition().equals(part.partition()) ? run + 1 : 1;
            most = Math.max(most, run);
            before = part;
        }
        return most;
    }

    long bytes() {
        return content.parts().stream().mapToLong(part -> part.header().bytes()).sum();
    }

    long samples() {
        return content.parts().stream()
                .mapToLong(part -> part.header().samples())
                .sum();
    }

    /** The last record of the log that these know of; -1 where there is none. */
    static long lastSequence(List<LivePart> parts, Deletions deletions) {
        long last = -1;
        for (LivePart part : parts) {
            last = Math.max(last, part.header().origin().lastSequence());
        }
        for (Deletion deletion : deletions.all()) {
            last = Math.max(last, deletion.sequence());
        }
        return last;
    }

    /** Adds published parts. */
    void add(List<LivePart> added) throws StorageFailure {
        replace(List.of(), added);
    }

    /**
     * Puts published parts in the place of others, whose files are deleted. One that cannot be deleted is tried again with
     * the next change; until then no deletion is forgotten, for a start would find the file again.
     */
    void replace(List<LivePart> former, List<LivePart> by) throws StorageFailure {
        synchronized (lock) {
            var parts = new ArrayList<LivePart>(content.parts());
            parts.removeAll(former);
            parts.addAll(by);
            parts.sort(PartFiles.ORDER);
            content = new Content(List.copyOf(parts), content.deletions());
            for (LivePart part : former) {
                part.release();
                left.add(part.path());
            }
            // One that was rewritten in place has given its name to its successor.
            by.forEach(part -> left.remove(part.path()));
            deleteLeft();
        }
    }

    /** Deletes the files of former parts, durably. */
    @GuardedBy("lock")
    private void deleteLeft() throws StorageFailure {
        files.delete(left);
        left.clear();
    }

    /**
     * Until {@link #releaseMerges} no merge begins that takes parts of both sides of a record that is still to come. A
     * deletion holds merges from before its last record is known until it is in force.
     */
    void holdMerges() {
        mergeHolds.incrementAndGet();
    }

    void releaseMerges() {
        mergeHolds.decrementAndGet();
    }

    /** What may be merged now. */
    List<LivePart> mergeable() {
        // In this order: what was flushed after the next hold began is not among them.
        List<LivePart> now = content.parts();
        return mergeHolds.get() == 0 ? now : List.of();
    }

    /** Makes deletions durable, all or none, and lets every later view show them; each gets the next id. */
    void delete(List<LongFunction<Deletion>> withId) throws StorageFailure {
        change(deletions -> {
            Deletions more = deletions;
            for (LongFunction<Deletion> next : withId) {
                more = more.with(next.apply(more.lastId() + 1));
            }
            return more;
        });
    }

    /** Forgets deletions of which nothing is left on the disk. */
    void forget(List<Deletion> done) throws StorageFailure {
        synchronized (lock) {
            deleteLeft();
        }
        change(deletions -> deletions.without(done));
    }

    private void change(UnaryOperator<Deletions> how) throws StorageFailure {
        synchronized (lock) {
            Deletions changed = how.apply(content.deletions());
            changed.save(disk, dataFolder);
            content = new Content(content.parts(), changed);
        }
    }

    /** Runs something while no file comes or goes; flushing and merging wait for it. */
    <T> T whileStill(FileWork<T> work) throws StorageFailure {
        synchronized (lock) {
            return work.run(content.parts(), content.deletions());
        }
    }

    /** Work on the files of the set. */
    interface FileWork<T> {
        T run(List<LivePart> parts, Deletions deletions) throws StorageFailure;
    }

    /** From then on there is nothing to read. */
    boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** Closes every part once nobody reads it. */
    void close() {
        synchronized (lock) {
            if (!closed) {
                closed = true;
                content.parts().forEach(LivePart::release);
            }
        }
    }
}
