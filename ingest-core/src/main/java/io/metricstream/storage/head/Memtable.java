package io.metricstream.storage.head;

import io.metricstream.model.MetricType;
import io.metricstream.own.Borrowed;
import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Queryable;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * The samples of one stretch of the log in memory: those of the records from {@link #firstSequence} to
 * {@link #lastSequence}, both included. That range is what it is known by, and so are the parts made of it.
 *
 * <p>Thread: the disk writer (start-up, while it replays the log) appends until it is frozen; any thread reads, and
 * never holds the writer up. Order: what {@link Head} says was appended before a reader asks, the reader sees; of a
 * group that is being appended just then it may see the first samples of each series.
 *
 * <p>Owns: pages, which go back to the pool when nobody holds it any more; {@link HeadSnapshot} and cursors hold it.
 * Limits: about 18 bytes a sample, and 56 a series.
 */
@ThreadSafe("one thread appends and publishes with release; the number of holders is atomic")
public final class Memtable implements Queryable {
    private static final int[] NO_REFS = new int[0];

    private final HeadIndex index;
    private final SampleChains chains;
    private final long firstSequence;
    private final AtomicInteger holders = new AtomicInteger(1);

    private volatile long lastSequence;
    private volatile long samples;
    private volatile long minMillis = Long.MAX_VALUE;
    private volatile long maxMillis = Long.MIN_VALUE;

    Memtable(HeadIndex index, PagePool pool, long firstSequence) {
        this.index = index;
        this.chains = new SampleChains(pool);
        this.firstSequence = firstSequence;
        this.lastSequence = firstSequence - 1;
    }

    /** The sequence number of the first record whose samples belong here. */
    public long firstSequence() {
        return firstSequence;
    }

    /** That of the last one applied; below {@link #firstSequence} while there is none. */
    public long lastSequence() {
        return lastSequence;
    }

    /** Earliest time of a sample, in ms since 1970; {@link Long#MAX_VALUE} where there is none. */
    public long minMillis() {
        return minMillis;
    }

    /** Latest time of a sample, in ms since 1970; {@link Long#MIN_VALUE} where there is none. */
    public long maxMillis() {
        return maxMillis;
    }

    /** Samples appended, repeated ones included. */
    public long samples() {
        return samples;
    }

    /** What it takes on the heap, in bytes. */
    public long bytes() {
        return chains.bytes();
    }

    public boolean isEmpty() {
        return samples == 0;
    }

    @Override
    public SeriesCursor select(Selection selection) {
        int[] refs = ask(selection, NO_REFS, wanted -> index.select(selection, wanted));
        hold();
        return new MemtableCursor(this, refs, selection);
    }

    @Override
    public List<String> labelNames(Selection selection, int limit) {
        return ask(selection, List.of(), wanted -> index.labelNames(selection, wanted, limit));
    }

    @Override
    public List<String> labelValues(String label, Selection selection, int limit) {
        return ask(selection, List.of(), wanted -> index.labelValues(label, selection, wanted, limit));
    }

    @Override
    public Map<String, Set<MetricType>> types(Selection selection, int limit) {
        return ask(selection, Map.of(), wanted -> index.types(selection, wanted, limit));
    }

    /** Appends what one request brought; those with a ref below 0 are left out. */
    void append(
            @Borrowed int[] refs,
            @Borrowed long[] timestampsMillis,
            @Borrowed double[] values,
            int count,
            IntConsumer onFirst) {
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        int stored = 0;
        for (int i = 0; i < count; i++) {
            if (refs[i] >= 0) {
                stored++;
                min = Math.min(min, timestampsMillis[i]);
                max = Math.max(max, timestampsMillis[i]);
            }
        }
        if (stored > 0) {
            chains.append(refs, timestampsMillis, values, count, onFirst);
            publish(min, max, stored);
        }
    }

    /** All records up to this one are applied. */
    void appliedUpTo(long sequence) {
        lastSequence = sequence;
    }

    /** Appending goes over to another thread. */
    void releaseOwner() {
        chains.releaseOwner();
    }

    SeriesTable series() {
        return index.series();
    }

    SampleChains chains() {
        return chains;
    }

    /** Keeps the pages; false where they are gone already. */
    boolean tryHold() {
        int now = holders.get();
        while (now > 0) {
            if (holders.compareAndSet(now, now + 1)) {
                return true;
            }
            now = holders.get();
        }
        return false;
    }

    /** Undoes one hold; after the last the pages are gone. */
    void letGo() {
        if (holders.decrementAndGet() == 0) {
            chains.giveBack();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread alone writes.
    private void publish(long min, long max, int stored) {
        if (min < minMillis) {
            minMillis = min;
        }
        if (max > maxMillis) {
            maxMillis = max;
        }
        samples += stored;
    }

    private void hold() {
        if (!tryHold()) {
            throw new IllegalStateException("a memtable that is gone was asked: first=" + firstSequence + ", last="
                    + lastSequence + "; HeadSnapshot keeps it");
        }
    }

    /** Asks the index for series that have samples here, where the selection's range has any. */
    private <T> T ask(Selection selection, T none, Function<IntPredicate, T> question) {
        if (selection.fromMillis() > maxMillis || selection.toMillis() < minMillis) {
            return none;
        }
        hold();
        try {
            return question.apply(ref -> chains.countAcquire(ref) > 0);
        } finally {
            letGo();
        }
    }
}
