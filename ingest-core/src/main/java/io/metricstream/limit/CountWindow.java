package io.metricstream.limit;

import io.metricstream.own.ThreadSafe;

/**
 * The times of the admissions of the last second, oldest first, in a ring that grows with use.
 *
 * <p>Thread: under the lock of the {@link Client} that owns it. Owns: the ring. Order: {@link #expire} with the current
 * time comes before any question; times never go backwards. Limits: 8 bytes per admission of the last second; the ring
 * doubles, but never beyond the limit.
 */
@ThreadSafe("by the lock of its client")
final class CountWindow {
    static final long WINDOW_NANOS = 1_000_000_000L;
    private static final int FIRST_CAPACITY = 8;
    private static final long[] NONE = {};

    private long[] times = NONE;
    private int head;
    private int size;

    /** Drops what is a second old or older. */
    void expire(long nowNanos) {
        if (size == 0) {
            return;
        }
        if (nowNanos - times[slot(size - 1)] >= WINDOW_NANOS) {
            size = 0;
            head = 0;
            return;
        }
        // The newest one stays, so that this ends without a look at the size.
        while (nowNanos - times[head] >= WINDOW_NANOS) {
            head = head + 1 == times.length ? 0 : head + 1;
            size--;
        }
    }

    int size() {
        return size;
    }

    void add(long nowNanos, long limit) {
        if (size == times.length) {
            resize(Math.max(FIRST_CAPACITY, (int) Math.min(limit, 2L * size)));
        }
        times[slot(size)] = nowNanos;
        size++;
    }

    /** How long until one more fits; 0 where it fits now. */
    long waitNanos(long nowNanos, long limit) {
        return size < limit ? 0 : times[slot((int) (size - limit))] + WINDOW_NANOS - nowNanos;
    }

    /** How long until the window is empty. */
    long resetNanos(long nowNanos) {
        return size == 0 ? 0 : times[slot(size - 1)] + WINDOW_NANOS - nowNanos;
    }

    /** Gives memory back: all of it where the window is empty, else down to twice what is used. */
    void trim() {
        if (size == 0) {
            times = NONE;
            head = 0;
        } else if (times.length > FIRST_CAPACITY && size < times.length / 4) {
            resize(Math.max(FIRST_CAPACITY, 2 * size));
        }
    }

    int capacity() {
        return times.length;
    }

    private void resize(int capacity) {
        long[] resized = new long[capacity];
        int first = Math.min(size, times.length - head);
        System.arraycopy(times, head, resized, 0, first);
        System.arraycopy(times, 0, resized, first, size - first);
        times = resized;
        head = 0;
    }

    private int slot(int index) {
        int slot = head + index;
        return slot >= times.length ? slot - times.length : slot;
    }
}
