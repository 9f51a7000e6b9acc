package io.metricstream.storage.store;

import io.metricstream.model.EpochClock;
import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Cancellation;
import io.metricstream.select.Matcher;
import io.metricstream.select.Queryable;
import io.metricstream.select.Question;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.Memtable;
import io.metricstream.storage.head.MemtableSink;
import io.metricstream.storage.head.StoredSeries;
import io.metricstream.storage.merge.Deletion;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored, as one: takes frozen memtables and makes parts of them, keeps the parts in order, and
 * answers queries over both.
 *
 * <p>Order: {@link #open}; {@link #start}, before which nothing may be asked or handed over; {@link #close}.
 * Thread: one thread opens, starts and closes; {@link #canTake} and {@link #onFrozen} are the disk writer's; the rest is
 * for anyone. Owns: the folder {@code parts}, the file {@code deletes}, and the threads {@code flusher} and
 * {@code compactor}.
 *
 * <p>Fails: a flush that fails is tried again every few seconds, and meanwhile memory fills and writes are refused; reading
 * fails with a {@link StorageFailure} that names the file, and so does everything that changes files. A part that turns out
 * to be damaged is set aside, and what can be read of it stays.
 */
@ThreadSafe("each part says how; the threads are joined by close")
public final class Store implements Queryable, MemtableSink {
    /** With so many parts in one partition merging is far behind, and no more are made until it has caught up. */
    private static final int MOST_PARTS_IN_PARTITION = 128;

    private static final Duration SNAPSHOT_TIMEOUT = Duration.ofMinutes(2);

    private final Place place;
    private final StoreConfig config;
    private final PartFiles files;
    private final PartSet set;
    private final RetentionEdge edge;
    private final StoreStats stats;
    private final DamagedParts damaged;
    private volatile @Nullable Running running;

    /** Where a store lives and what it tells the time by. */
    public record Place(Disk disk, Path dataFolder, EpochClock epochClock, NanoClock clock, MeterRegistry registry) {}

    /** Hears how far the log is durable in parts; called by the flusher. */
    @FunctionalInterface
    public interface FlushListener {
        /** Everything up to this record is; a failure is tried again, flush included. */
        void onFlushed(long sequence) throws StorageFailure;
    }

    private record Running(Head head, FlushQueue queue, Compaction compaction) {}

    private Store(Place place, StoreConfig config, PartFiles files, PartFiles.Opened opened, Deletions deletions) {
        this.place = place;
        this.config = config;
        this.files = files;
        this.set = new PartSet(place.disk(), place.dataFolder(), files, opened.parts(), deletions);
        this.edge = new RetentionEdge(place.epochClock(), config.retention());
        this.stats = new StoreStats(place.registry(), set, opened.quarantined().size());
        this.damaged = new DamagedParts(config.skipDamaged(), stats, this::wakeCompaction);
    }

    /** Opens what is stored; what cannot be read is set aside and counted. Fails on files of a newer version. */
    public static Store open(Place place, StoreConfig config) throws StorageFailure {
        new Snapshots(place.disk(), place.dataFolder()).deleteUnfinished();
        var files = new PartFiles(place.disk(), place.dataFolder(), place.epochClock());
        Deletions deletions = files.loadDeletions();
        PartFiles.Opened opened = files.openAll();
        long lastDeletion = opened.parts().stream()
                .mapToLong(part -> part.header().origin().lastDeletion())
                .max()
                .orElse(0);
        return new Store(place, config, files, opened, deletions.after(lastDeletion));
    }

    /**
     * Begins to take memtables and to merge.
     *
     * @param flushedSequence the last record of the log that is in parts already
     */
    public void start(Head head, long flushedSequence, FlushListener listener) {
        long spanMillis = Partition.spanMillis(config.retention());
        var queue = new FlushQueue(
                new Flusher(place.disk(), files, set, edge, spanMillis), head, listener, stats, place.clock());
        var stopping = new Cancellation();
        var throttled = new ThrottledDisk(place.disk(), config.mergeBytesPerSecond(), place.clock(), stopping);
        var tools = new Compactor.Tools(
                new Merger(throttled, files, set, edge, damaged, stopping),
                new Rescuer(throttled, place.dataFolder(), files, set, stats),
                damaged);
        var compactor = new Compactor(set, tools, config, edge, stats, queue::flushedSequence);
        var compaction = new Compaction(compactor, stats, stopping);
        running = new Running(head, queue, compaction);
        queue.start(flushedSequence, compaction::wake);
        compaction.start();
    }

    @Override
    public boolean canTake() {
        return set.mostInPartition() < MOST_PARTS_IN_PARTITION;
    }

    @Override
    public void onFrozen(Memtable frozen) {
        running().queue().add(frozen);
    }

    /** All that is stored, for one question. */
    public Question ask() {
        return new Reader(running().head()::acquire, set, edge, damaged);
    }

    @Override
    public SeriesCursor select(Selection selection) throws StorageFailure {
        return ask().select(selection);
    }

    @Override
    public List<String> labelNames(Selection selection, int limit) throws StorageFailure {
        return ask().labelNames(selection, limit);
    }

    @Override
    public List<String> labelValues(String label, Selection selection, int limit) throws StorageFailure {
        return ask().labelValues(label, selection, limit);
    }

    @Override
    public Map<String, Set<MetricType>> types(Selection selection, int limit) throws StorageFailure {
        return ask().types(selection, limit);
    }

    /** Freezes memory. */
    @FunctionalInterface
    public interface Freezing<E extends Exception> {
        /** The last record of the log in what is frozen by now. */
        long freeze() throws E;
    }

    /** Whether so many more deletions can be held, at most 10,000; merging applies them, and then they are forgotten. */
    public boolean hasRoomForDeletions(int more) {
        return set.deletions().hasRoomFor(more);
    }

    /**
     * Hides samples from now on, and for ever, those of all selectors or of none: durable when this returns, gone from the
     * disk after the next merge. What is covered is what was there when memory was frozen.
     *
     * @throws E where memory could not be frozen; nothing is deleted then
     */
    public <E extends Exception> void delete(
            List<List<Matcher>> selectors, long fromMillis, long toMillis, Freezing<E> freezing)
            throws StorageFailure, E {
        set.holdMerges();
        try {
            long sequence = freezing.freeze();
            var deletions = new ArrayList<LongFunction<Deletion>>();
            for (List<Matcher> matchers : selectors) {
                deletions.add(id -> new Deletion(id, matchers, fromMillis, toMillis, sequence));
            }
            set.delete(deletions);
        } finally {
            set.releaseMerges();
        }
        running().compaction().wake();
    }

    /** The last record of the log that parts or deletions know of; -1 where there is none. */
    public long lastSequence() {
        return PartSet.lastSequence(set.parts(), set.deletions());
    }

    /** Before {@link #start}: the series of the newest parts, at most so many. Reads the keys of all of them. */
    public StoredSeries recentSeries(int most) throws StorageFailure {
        return RecentSeries.of(set.parts(), most);
    }

    /** The records of the log after which a deletion began a new memtable; recovery has to do the same. Ascending. */
    public long[] deletionSequences() {
        return set.deletions().all().stream()
                .mapToLong(Deletion::sequence)
                .sorted()
                .distinct()
                .toArray();
    }

    /**
     * Links everything up to this record into {@code snapshots/NAME}, which is a data folder of its own; writing goes on.
     *
     * @return the snapshot's folder
     */
    public Path snapshot(String name, long sequence) throws StorageFailure, InterruptedException {
        if (!running().queue().await(sequence, SNAPSHOT_TIMEOUT)) {
            throw new StorageFailure.Io(place.dataFolder(), "flushing for a snapshot, which took too long");
        }
        return new Snapshots(place.disk(), place.dataFolder()).take(name, set);
    }

    /** Flushes what was handed over, at most so long, then ends the threads; false where something is in the log only. */
    public boolean close(Duration timeout) throws InterruptedException {
        Running ended = running;
        boolean flushed = true;
        if (ended != null) {
            ended.compaction().stop();
            flushed = ended.queue().stop(timeout);
        }
        set.close();
        files.close();
        return flushed;
    }

    private void wakeCompaction() {
        running().compaction().wake();
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the store was not started");
        }
        return now;
    }
}
