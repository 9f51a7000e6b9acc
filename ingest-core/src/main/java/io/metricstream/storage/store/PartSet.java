package io.metricstream.storage.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Memtable;
import io.metricstream.storage.merge.Deletion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private volatile Content content;

    /** Parts in the order of {@link PartFiles#ORDER}. */
    private record Content(List<LivePart> parts, Deletions deletions) {}

    @GuardedBy("lock")
    private boolean closed;

    PartSet(Disk disk, Path dataFolder, PartFiles files, List<LivePart> parts, Deletions deletions) {
        this.disk = disk;
        this.dataFolder = dataFolder;
        this.files = files;
        this.content = new Content(List.copyOf(parts), deletions);
    }

    /** What there is to read now beside these memtables, which were taken before. */
    View view(List<Memtable> memtables) {
        Content now = content;
        return new View(memtables, now.parts(), now.deletions());
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

    /** Adds published parts; what they cover leaves the set, and its files are deleted. */
    void add(List<LivePart> added) throws StorageFailure {
        replace(List.of(), added);
    }

    /** Puts published parts in the place of others, whose files are deleted, and of everything the new ones cover. */
    void replace(List<LivePart> merged, List<LivePart> by) throws StorageFailure {
        synchronized (lock) {
            var gone = new ArrayList<LivePart>(merged);
            var kept = new ArrayList<LivePart>();
            for (LivePart part : content.parts()) {
                if (gone.contains(part)) {
                    continue;
                }
                (by.stream().anyMatch(part::isCoveredBy) ? gone : kept).add(part);
            }
            kept.addAll(by);
            kept.sort(PartFiles.ORDER);
            content = new Content(List.copyOf(kept), content.deletions());
            // A part that was rewritten in place has given its name to its successor.
            files.delete(gone.stream()
                    .filter(part -> by.stream().noneMatch(next -> next.path().equals(part.path())))
                    .toList());
            gone.forEach(LivePart::release);
        }
    }

    /** Makes a deletion durable and lets every later view show it; the id is the next one. */
    void delete(LongFunction<Deletion> withId) throws StorageFailure {
        change(deletions -> deletions.with(withId.apply(deletions.lastId() + 1)));
    }

    /** Forgets deletions of which nothing is left on the disk. */
    void forget(List<Deletion> done) throws StorageFailure {
        change(deletions -> deletions.without(done));
    }

    private void change(UnaryOperator<Deletions> how) throws StorageFailure {
        synchronized (lock) {
            Deletions changed = how.apply(content.deletions());
            changed.save(disk, dataFolder);
            content = new Content(content.parts(), changed);
        }
    }

    /** Runs something while no file comes or goes. */
    void whileStill(FileWork work) throws StorageFailure {
        synchronized (lock) {
            work.run(content.parts(), content.deletions());
        }
    }

    /** Work on the files of the set. */
    interface FileWork {
        void run(List<LivePart> parts, Deletions deletions) throws StorageFailure;
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
