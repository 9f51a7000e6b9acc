package io.metricstream.storage.head;

import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.model.SeriesKeys;
import io.metricstream.own.Borrowed;
import io.metricstream.own.ThreadOwner;
import io.metricstream.own.ThreadSafe;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Every known series: the bytes of its key to its ref, a dense number counted from 0.
 *
 * <p>Thread: any thread finds; one thread (the disk writer; start-up before it) adds. An entry's key bytes, its
 * location and, where it grew, the page table are written before its slot is set with release; {@link #find} reads the
 * slot with acquire and therefore sees them whole. A reader that still holds the table from before a resize may miss
 * the newest entries and answers {@link #UNKNOWN}, which costs the disk writer one look-up and nothing else.
 *
 * <p>Owns: the key bytes, in chunks that are never moved. Limits: {@link SeriesLimits}; at either
 * of the first two a new series gets {@link #FULL}, and the known ones go on.
 */
@ThreadSafe("one thread adds; readers acquire what its slot write released")
public final class SeriesTable implements SeriesKeys {
    /** No such series yet. */
    public static final int UNKNOWN = -1;
    /** No room for another series. */
    public static final int FULL = -2;
    /** No room for another series of this metric. */
    public static final int METRIC_FULL = -3;

    /** What a series takes beside its key and its entries in the index: slots, location, and its place in two orders. */
    private static final int SERIES_BYTES = 48;

    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int PAGE_SHIFT = 14;
    private static final int PAGE_MASK = (1 << PAGE_SHIFT) - 1;

    private final ThreadOwner owner = new ThreadOwner();
    private final SeriesLimits limits;
    private final @Nullable MetricCounts metrics;

    /** High half: the hash's high half. Low half: ref + 1, or 0 where the slot is free. */
    private volatile long[] slots = new long[1 << 12];

    private volatile int size;
    private volatile long keyBytes;
    private volatile long indexBytes;

    /** Key k of page p lies at {@code chunks[location >>> 32][(int) location]}, its length in four bytes before it. */
    private long[][] locations = new long[0][];

    private byte[][] chunks = new byte[0][];
    private int chunkUsed = CHUNK_BYTES;

    public SeriesTable(SeriesLimits limits) {
        this.limits = limits;
        this.metrics = limits.maxPerMetric() == 0 ? null : new MetricCounts(limits.maxPerMetric());
    }

    /** The ref of the series with this key, or {@link #UNKNOWN}. Creates no objects. */
    public int find(@Borrowed byte[] key, int offset, int length, long hash) {
        long[] table = slots;
        int mask = table.length - 1;
        for (int i = (int) hash & mask; ; i = (i + 1) & mask) {
            long slot = (long) SLOTS.getAcquire(table, i);
            if (slot == 0) {
                return UNKNOWN;
            }
            if ((slot ^ hash) >>> 32 == 0) {
                int ref = (int) slot - 1;
                if (matches(ref, key, offset, length)) {
                    return ref;
                }
            }
        }
    }

    /** Adds a series that {@link #find} does not know; its new ref, {@link #FULL} or {@link #METRIC_FULL}. */
    public int add(@Borrowed byte[] key, int offset, int length, long hash) {
        assert owner.check();
        if (!hasRoomFor(1, length)) {
            return FULL;
        }
        if (!metricHasRoomFor(key, offset, 1)) {
            return METRIC_FULL;
        }
        int ref = size;
        put(ref, key, offset, length, hash);
        return ref;
    }

    /** Whether so many more series, with so many bytes of keys together, can be added. */
    public boolean hasRoomFor(int moreSeries, long moreKeyBytes) {
        long series = (long) size + moreSeries;
        return series <= limits.maxSeries()
                && keyBytes + moreKeyBytes + series * SERIES_BYTES + indexBytes <= limits.maxBytes();
    }

    /** Whether so many more series of the metric of this key can be added. */
    public boolean metricHasRoomFor(@Borrowed byte[] key, int offset, int moreSeries) {
        return metrics == null || metrics.hasRoomFor(key, offset, moreSeries);
    }

    /** Whether a sixteenth more would not fit in, or a metric is full. */
    boolean isNearlyFull() {
        return !hasRoomFor(size / 16 + 1, keyBytes / 16) || (metrics != null && metrics.isAnyFull());
    }

    /** What the index of this table takes now. */
    void onIndexed(long bytes) {
        indexBytes = bytes;
    }

    /** The same without limits, for recovery: what is on the disk is served. */
    int addBeyondLimits(@Borrowed byte[] key, int offset, int length, long hash) {
        assert owner.check();
        int ref = size;
        put(ref, key, offset, length, hash);
        return ref;
    }

    /** Start-up hands the adding role over to the disk writer. */
    public void releaseOwner() {
        assert owner.release();
    }

    @Override
    public byte @Nullable [] key(int ref) {
        if (ref < 0 || ref >= size) {
            return null;
        }
        long location = locationOf(ref);
        byte[] chunk = chunkAt(location);
        int at = (int) location;
        return Arrays.copyOfRange(chunk, at, at + lengthAt(chunk, at));
    }

    /** The length of the key of a ref that has one. */
    int keyLength(int ref) {
        long location = locationOf(ref);
        return lengthAt(chunkAt(location), (int) location);
    }

    /** Copies the key of a ref that has one to the start of an array. */
    void copyKey(int ref, @Borrowed byte[] to) {
        long location = locationOf(ref);
        byte[] chunk = chunkAt(location);
        int at = (int) location;
        System.arraycopy(chunk, at, to, 0, lengthAt(chunk, at));
    }

    /** The type of a ref that has a key. */
    MetricType type(int ref) {
        long location = locationOf(ref);
        byte code = chunkAt(location)[(int) location];
        MetricType type = MetricType.ofCode(code);
        if (type == null) {
            throw new IllegalStateException("a series of an unknown type: ref=" + ref + ", code=" + code);
        }
        return type;
    }

    /** Compares the keys of two refs by {@link SeriesKey#compareByLabels}. */
    int compareByLabels(int a, int b) {
        long aLocation = locationOf(a);
        long bLocation = locationOf(b);
        byte[] aChunk = chunkAt(aLocation);
        byte[] bChunk = chunkAt(bLocation);
        int aAt = (int) aLocation;
        int bAt = (int) bLocation;
        return SeriesKey.compareByLabels(aChunk, aAt, lengthAt(aChunk, aAt), bChunk, bAt, lengthAt(bChunk, bAt));
    }

    /** Compares the keys of two refs as unsigned bytes. */
    int compareBytes(int a, int b) {
        long aLocation = locationOf(a);
        long bLocation = locationOf(b);
        byte[] aChunk = chunkAt(aLocation);
        byte[] bChunk = chunkAt(bLocation);
        int aAt = (int) aLocation;
        int bAt = (int) bLocation;
        return Arrays.compareUnsigned(
                aChunk, aAt, aAt + lengthAt(aChunk, aAt), bChunk, bAt, bAt + lengthAt(bChunk, bAt));
    }

    /** What its entries take on the heap, in bytes; the unused rest of the last chunk and page is left out. */
    long bytes() {
        return slots.length * (long) Long.BYTES + size * (long) (Long.BYTES + Integer.BYTES) + keyBytes;
    }

    /** How many there are; their refs are those below it. */
    public int size() {
        return size;
    }

    public int maxSeries() {
        return limits.maxSeries();
    }

    /** The bytes of all keys together. */
    public long keyBytes() {
        return keyBytes;
    }

    private long locationOf(int ref) {
        return locations[ref >>> PAGE_SHIFT][ref & PAGE_MASK];
    }

    private byte[] chunkAt(long location) {
        return chunks[(int) (location >>> 32)];
    }

    private boolean matches(int ref, byte[] key, int offset, int length) {
        long location = locationOf(ref);
        byte[] chunk = chunkAt(location);
        int at = (int) location;
        return lengthAt(chunk, at) == length && Arrays.equals(chunk, at, at + length, key, offset, offset + length);
    }

    private void put(int ref, byte[] key, int offset, int length, long hash) {
        long location = store(key, offset, length);
        ensurePages(ref);
        locations[ref >>> PAGE_SHIFT][ref & PAGE_MASK] = location;
        int newSize = size + 1;
        long newKeyBytes = keyBytes + length;
        long[] table = slots;
        if (newSize * 2L > table.length) {
            table = grown(table);
            insert(table, hash, ref);
            slots = table;
        } else {
            insert(table, hash, ref);
        }
        if (metrics != null) {
            metrics.add(key, offset);
        }
        size = newSize;
        keyBytes = newKeyBytes;
    }

    private static void insert(long[] table, long hash, int ref) {
        int mask = table.length - 1;
        int i = (int) hash & mask;
        while (table[i] != 0) {
            i = (i + 1) & mask;
        }
        SLOTS.setRelease(table, i, (hash & 0xffffffff00000000L) | ((ref + 1) & 0xffffffffL));
    }

    /** Only half of a hash is in its slot, so the keys are hashed again. */
    private long[] grown(long[] table) {
        long[] twice = new long[table.length * 2];
        for (long slot : table) {
            if (slot != 0) {
                int ref = (int) slot - 1;
                long location = locationOf(ref);
                byte[] chunk = chunkAt(location);
                int at = (int) location;
                insert(twice, SeriesKey.hash(chunk, at, lengthAt(chunk, at)), ref);
            }
        }
        return twice;
    }

    private long store(byte[] key, int offset, int length) {
        int needed = length + Integer.BYTES;
        if (chunkUsed + needed > CHUNK_BYTES) {
            byte[][] more = Arrays.copyOf(chunks, chunks.length + 1);
            more[chunks.length] = new byte[Math.max(CHUNK_BYTES, needed)];
            chunks = more;
            chunkUsed = 0;
        }
        byte[] chunk = chunks[chunks.length - 1];
        int at = chunkUsed + Integer.BYTES;
        chunk[at - 4] = (byte) (length >>> 24);
        chunk[at - 3] = (byte) (length >>> 16);
        chunk[at - 2] = (byte) (length >>> 8);
        chunk[at - 1] = (byte) length;
        System.arraycopy(key, offset, chunk, at, length);
        chunkUsed += needed;
        return (long) (chunks.length - 1) << 32 | at;
    }

    private static int lengthAt(byte[] chunk, int at) {
        return (chunk[at - 4] & 0xff) << 24
                | (chunk[at - 3] & 0xff) << 16
                | (chunk[at - 2] & 0xff) << 8
                | (chunk[at - 1] & 0xff);
    }

    private void ensurePages(int ref) {
        int page = ref >>> PAGE_SHIFT;
        if (page >= locations.length) {
            int old = locations.length;
            long[][] more = Arrays.copyOf(locations, page + 1);
            for (int i = old; i <= page; i++) {
                more[i] = new long[1 << PAGE_SHIFT];
            }
            locations = more;
        }
    }
}
