package io.metricstream.storage.head;

import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.Borrowed;
import io.metricstream.own.ThreadOwner;
import io.metricstream.own.ThreadSafe;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What is in memory of what is stored: the series table, the memtable that is appended to, and the frozen ones that are
 * not in parts yet.
 *
 * <p>Thread: the disk writer appends and freezes; start-up does while it replays the log, and hands over with
 * {@link #releaseOwner}. {@link #series}, {@link #acquire}, {@link #bytes} and {@link #onFlushed} are for any thread.
 *
 * <p>Order: {@link #startAt}; then {@link #append} what is durable, and {@link #onApplied} after each group, before it is
 * answered. A memtable is frozen between two groups only.
 *
 * <p>Limits: all memtables together take {@code maxBytes} and what one group brings; a flushed one counts as long as a
 * cursor reads it. The active one is frozen at half of
 * it or at {@code maxAge}; {@link #tryMakeRoom} says false while the rest waits to be flushed.
 */
@ThreadSafe("one thread writes; the list of memtables is immutable and swapped under a lock that no append takes")
public final class Head {
    /** Deletes and snapshots freeze whatever there is; more small memtables than this do not pile up. */
    private static final int MAX_FROZEN = 16;
    /** A series that was not written for this long is forgotten at a freeze, if many others are, or there is no room. */
    private static final long FORGET_AFTER_NANOS = 600_000_000_000L;

    private static final int LEAST_FORGOTTEN = 4096;

    private final ThreadOwner owner = new ThreadOwner();
    private final HeadConfig config;
    private final MemtableSink sink;
    private final NanoClock clock;
    private final PagePool pool;

    private volatile HeadIndex index;
    private volatile StoredSeries stored = StoredSeries.NONE;
    /** Newest first; the first is the active one. Changed under the monitor. */
    private volatile List<Memtable> memtables;

    /** The rest belongs to the owner. */
    private Memtable active;

    private long activeSinceNanos;
    /** Refs with samples in this memtable or in one frozen since the last look at what can be forgotten. */
    private BitSet used = new BitSet();

    private long usedSinceNanos;
    private boolean forgets;

    public Head(HeadConfig config, MemtableSink sink, NanoClock clock) {
        this.config = config;
        this.sink = sink;
        this.clock = clock;
        this.pool = new PagePool(config.maxBytes());
        this.index = new HeadIndex(newTable());
        this.usedSinceNanos = clock.nanos();
        this.active = new Memtable(index, pool, 0);
        this.memtables = List.of(active);
    }

    /** The series by which samples are resolved now. Another one takes its place when many series are forgotten. */
    public SeriesTable series() {
        return index.series();
    }

    /** What series may be added. */
    public SeriesLimits limits() {
        return config.series();
    }

    /** Start-up says which series were stored before, so that they are not counted as new ones. */
    public void onStored(StoredSeries before) {
        stored = before;
    }

    /** Whether a series with this hash of its key was stored before the start. */
    public boolean wasStored(long hash) {
        return stored.contains(hash);
    }

    /** What can be asked now; the caller closes it. */
    public HeadSnapshot acquire() {
        while (true) {
            List<Memtable> now = memtables;
            int held = 0;
            while (held < now.size() && now.get(held).tryHold()) {
                held++;
            }
            if (held == now.size()) {
                return new HeadSnapshot(now);
            }
            // One was flushed meanwhile; the list without it is there.
            now.subList(0, held).forEach(Memtable::letGo);
        }
    }

    /** What all memtables take, in bytes; also those that are flushed while cursors still read them. */
    public long bytes() {
        return pool.usedBytes();
    }

    /** The samples of this frozen memtable can be read from parts: memory forgets them. */
    public synchronized void onFlushed(Memtable flushed) {
        var rest = new ArrayList<>(memtables);
        if (!rest.remove(flushed)) {
            throw new IllegalArgumentException(
                    "not a frozen memtable of this head: first-sequence=" + flushed.firstSequence());
        }
        memtables = List.copyOf(rest);
        flushed.letGo();
    }

    /** Before anything is appended: the next record has this sequence number. */
    public void startAt(long nextSequence) {
        assert owner.check();
        replaceActive(nextSequence, false);
    }

    /** Appends samples of the current {@link #series}; those with a ref below 0 are left out. */
    public void append(@Borrowed int[] refs, @Borrowed long[] timestampsMillis, @Borrowed double[] values, int count) {
        assert owner.check();
        if (active.isEmpty()) {
            activeSinceNanos = clock.nanos();
        }
        active.append(refs, timestampsMillis, values, count, used::set);
    }

    /**
     * All records before this one are applied. Freezes the active memtable where it is due and there is room for it.
     *
     * @return true where it was frozen
     */
    public boolean onApplied(long nextSequence) {
        assert owner.check();
        active.appliedUpTo(nextSequence - 1);
        return isDue() && tryFreeze();
    }

    /** Whether more may be appended, after freezing the active memtable where that helps. */
    public boolean tryMakeRoom() {
        return tryMakeRoom(config.maxBytes());
    }

    /** The same for a recovery, which comes to its end even where the limit was a little exceeded before. */
    boolean tryMakeRoomToRecover() {
        return tryMakeRoom(config.maxBytes() + config.maxBytes() / 4);
    }

    /**
     * Freezes the active memtable now; where it is empty, the records applied so far will belong to none.
     *
     * @return false where too many wait to be flushed
     */
    public boolean tryFreeze() {
        assert owner.check();
        if (active.isEmpty()) {
            replaceActive(active.lastSequence() + 1, false);
            return true;
        }
        if (memtables.size() > MAX_FROZEN || !sink.canTake()) {
            return false;
        }
        Memtable frozen = active;
        forgetIdleSeries();
        replaceActive(frozen.lastSequence() + 1, true);
        sink.onFrozen(frozen);
        return true;
    }

    /** Up to which record, itself included, everything is in memtables that do not change any more, or in parts. */
    public long frozenUpTo() {
        assert owner.check();
        return active.firstSequence() - 1;
    }

    /** Up to which record, itself included, all samples are in parts. */
    public long flushedUpTo() {
        List<Memtable> now = memtables;
        Memtable oldest = now.get(now.size() - 1);
        return oldest.isEmpty() ? oldest.lastSequence() : oldest.firstSequence() - 1;
    }

    /** Start-up hands the writing over to the disk writer; until then no series is forgotten, for the log goes by refs. */
    public void releaseOwner() {
        forgets = true;
        usedSinceNanos = clock.nanos();
        active.releaseOwner();
        series().releaseOwner();
        assert owner.release();
    }

    private boolean tryMakeRoom(long maxBytes) {
        assert owner.check();
        if (bytes() < maxBytes) {
            return true;
        }
        // Where cursors hold the most of it, the active one is all that flushing can free.
        boolean alone = memtables.size() == 1 && !active.isEmpty();
        return (alone || isDue()) && tryFreeze() && bytes() < maxBytes;
    }

    private boolean isDue() {
        return active.bytes() >= config.maxBytes() / 2
                || (!active.isEmpty()
                        && clock.nanos() - activeSinceNanos >= config.maxAge().toNanos());
    }

    private void replaceActive(long firstSequence, boolean keepFormer) {
        Memtable former = active;
        active = new Memtable(index, pool, firstSequence);
        synchronized (this) {
            var list = new ArrayList<Memtable>(memtables.size() + 1);
            list.add(active);
            list.addAll(keepFormer ? memtables : memtables.subList(1, memtables.size()));
            memtables = List.copyOf(list);
        }
        if (!keepFormer) {
            former.letGo();
        }
    }

    private SeriesTable newTable() {
        return new SeriesTable(config.series());
    }

    /** A table that is mostly series nobody writes any more, or full and partly so, is replaced by one without them. */
    private void forgetIdleSeries() {
        long now = clock.nanos();
        if (!forgets || now - usedSinceNanos < FORGET_AFTER_NANOS) {
            return;
        }
        usedSinceNanos = now;
        BitSet living = used;
        used = new BitSet();
        SeriesTable old = series();
        int idle = old.size() - living.cardinality();
        // For a while there are two tables, so forgetting few costs much memory; a quarter is worth it to take new
        // series again.
        int worthIt = old.isNearlyFull() ? old.size() / 4 : Math.max(LEAST_FORGOTTEN, old.size() / 2);
        if (idle < Math.max(1, worthIt)) {
            return;
        }
        SeriesTable next = newTable();
        for (int ref = living.nextSetBit(0); ref >= 0; ref = living.nextSetBit(ref + 1)) {
            byte[] key = old.key(ref);
            if (key != null) {
                next.add(key, 0, key.length, SeriesKey.hash(key, 0, key.length));
            }
        }
        index = new HeadIndex(next);
    }
}
