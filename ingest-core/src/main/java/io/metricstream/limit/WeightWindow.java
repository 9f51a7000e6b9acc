package io.metricstream.limit;

import io.metricstream.own.ThreadSafe;

/**
 * The times and weights of the admissions of the last second, oldest first, in a ring that grows with use.
 *
 * <p>Beside each time stands the sum of all weights up to it, so that the weight of any stretch is one subtraction, the
 * wait for room one binary search, and leaving an entry out adds its weight to the next one.
 *
 * <p>Thread: under the lock of the {@link Client} that owns it. Owns: the ring. Order: {@link #expire} with the current
 * time comes before any question; times never go backwards. Limits: {@link #MAX_ENTRIES} entries of 16 bytes. Exact up
 * to that many admissions in a second; when there are more, those of one stretch of {@link #COARSE_NANOS} are joined at
 * the latest time among them, so that a weight counts up to that much longer than a second and never shorter.
 */
@ThreadSafe("by the lock of its client")
final class WeightWindow {
    /** More than twice the 30,519 stretches that a second can touch, so that joining frees more than half. */
    static final int MAX_ENTRIES = 1 << 16;

    private static final int COARSE_SHIFT = 15;
    static final long COARSE_NANOS = 1L << COARSE_SHIFT;

    private static final int FIRST_CAPACITY = 8;
    private static final long[] NONE = {};

    private long[] times = NONE;
    private long[] sums = NONE;
    private int head;
    private int size;
    /** The sum just before the oldest entry. */
    private long expiredSum;
    /** The sum at the newest entry. Sums may wrap around; only their differences are used. */
    private long newestSum;

    /** Drops what is a second old or older. */
    void expire(long nowNanos) {
        if (size == 0) {
            return;
        }
        if (nowNanos - times[slot(size - 1)] >= CountWindow.WINDOW_NANOS) {
            head = 0;
            size = 0;
            expiredSum = newestSum;
            return;
        }
        // The newest one stays, so that this ends without a look at the size.
        while (nowNanos - times[head] >= CountWindow.WINDOW_NANOS) {
            expiredSum = sums[head];
            head = head + 1 == times.length ? 0 : head + 1;
            size--;
        }
    }

    long weight() {
        return newestSum - expiredSum;
    }

    boolean fits(long weight, long limit) {
        return weight() <= limit - weight;
    }

    void add(long nowNanos, long weight) {
        if (weight == 0) {
            return;
        }
        newestSum += weight;
        if (size > 0 && times[slot(size - 1)] == nowNanos) {
            sums[slot(size - 1)] = newestSum;
            return;
        }
        if (size == times.length) {
            makeRoom();
        }
        int slot = slot(size);
        times[slot] = nowNanos;
        sums[slot] = newestSum;
        size++;
    }

    /** How long until {@code weight} fits; 0 where it fits now or never. */
    long waitNanos(long nowNanos, long weight, long limit) {
        if (weight > limit || fits(weight, limit)) {
            return 0;
        }
        // The first entry with whose end enough has gone; the newest one is always enough.
        int low = 0;
        int high = size - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (newestSum - sums[slot(middle)] <= limit - weight) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return times[slot(low)] + CountWindow.WINDOW_NANOS - nowNanos;
    }

    /** How long until the window is empty. */
    long resetNanos(long nowNanos) {
        return size == 0 ? 0 : times[slot(size - 1)] + CountWindow.WINDOW_NANOS - nowNanos;
    }

    /** Gives memory back: all of it where the window is empty, else down to twice what is used. */
    void trim() {
        if (size == 0) {
            times = NONE;
            sums = NONE;
            head = 0;
        } else if (times.length > FIRST_CAPACITY && size < times.length / 4) {
            resize(Math.max(FIRST_CAPACITY, 2 * size));
        }
    }

    int entries() {
        return size;
    }

    int capacity() {
        return times.length;
    }

    private void makeRoom() {
        if (size < MAX_ENTRIES) {
            resize(Math.max(FIRST_CAPACITY, Math.min(MAX_ENTRIES, 2 * size)));
        } else {
            join();
        }
    }

    /** Keeps the last entry of each stretch; its sum includes those left out. */
    private void join() {
        resize(times.length);
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (i + 1 == size || times[i] >> COARSE_SHIFT != times[i + 1] >> COARSE_SHIFT) {
                times[kept] = times[i];
                sums[kept] = sums[i];
                kept++;
            }
        }
        size = kept;
    }

    /** Copies the entries to the start of arrays of the given capacity. */
    private void resize(int capacity) {
        times = unrolled(times, capacity);
        sums = unrolled(sums, capacity);
        head = 0;
    }

    private long[] unrolled(long[] ring, int capacity) {
        long[] resized = new long[capacity];
        int first = Math.min(size, ring.length - head);
        System.arraycopy(ring, head, resized, 0, first);
        System.arraycopy(ring, 0, resized, first, size - first);
        return resized;
    }

    private int slot(int index) {
        int slot = head + index;
        return slot >= times.length ? slot - times.length : slot;
    }
}
