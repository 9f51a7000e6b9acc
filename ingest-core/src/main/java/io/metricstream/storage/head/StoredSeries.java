package io.metricstream.storage.head;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * Series that are stored, whether or not the table in memory knows them: the hashes of their keys. After a start they tell a
 * series that goes on from a new one.
 *
 * <p>Thread: start-up fills it, and hands it to the disk writer. Limits: 16 to 32 bytes a series, at most so many as it was
 * made for. Of two series with one hash, which hardly happens, both are known.
 */
@OwnedBy(Role.DISK_WRITER)
public final class StoredSeries {
    /** For who has no limit of new series. */
    public static final StoredSeries NONE = new StoredSeries(0);

    private final int most;
    private long[] slots = new long[16];
    private int size;

    public StoredSeries(int most) {
        this.most = most;
    }

    /** Whether it has as many as it may have. */
    public boolean isFull() {
        return size >= most;
    }

    /** Adds the hash of a key, unless it is full. */
    public void add(long hash) {
        if (isFull() || !insert(slots, hash)) {
            return;
        }
        size++;
        if (size * 2L > slots.length && slots.length < 1 << 30) {
            long[] more = new long[slots.length * 2];
            Arrays.stream(slots).filter(slot -> slot != 0).forEach(slot -> insert(more, slot));
            slots = more;
        }
    }

    boolean contains(long hash) {
        long wanted = slotOf(hash);
        int mask = slots.length - 1;
        int i = (int) wanted & mask;
        while (slots[i] != 0 && slots[i] != wanted) {
            i = (i + 1) & mask;
        }
        return slots[i] != 0;
    }

    public int size() {
        return size;
    }

    private static boolean insert(long[] table, long hash) {
        long slot = slotOf(hash);
        int mask = table.length - 1;
        int i = (int) slot & mask;
        while (table[i] != 0) {
            if (table[i] == slot) {
                return false;
            }
            i = (i + 1) & mask;
        }
        table[i] = slot;
        return true;
    }

    /** A free slot is 0. */
    private static long slotOf(long hash) {
        return hash == 0 ? 1 : hash;
    }
}
