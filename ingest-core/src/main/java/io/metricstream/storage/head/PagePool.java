package io.metricstream.storage.head;

import io.metricstream.own.ThreadSafe;
import io.metricstream.own.Transferred;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The pages that memtables are made of, used again when a memtable is gone. Without it every flushed memtable would be
 * old garbage, for which the collector would have to stop the server.
 *
 * <p>Owns: the pages that nobody has. Limits: it keeps as many as were in use at once, at most {@code maxBytes}.
 */
@ThreadSafe("lock-free queues; a page is in one place at a time")
final class PagePool {
    static final int PAGE_BYTES = 1 << 16;
    static final int LONGS = PAGE_BYTES / Long.BYTES;
    static final int INTS = PAGE_BYTES / Integer.BYTES;

    private final int maxPages;
    private final ConcurrentLinkedQueue<long[]> longs = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<int[]> ints = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final AtomicInteger used = new AtomicInteger();

    PagePool(long maxBytes) {
        this.maxPages = (int) Math.min(Integer.MAX_VALUE, maxBytes / PAGE_BYTES);
    }

    /** What the pages that were taken and not given back take. */
    long usedBytes() {
        return (long) used.get() * PAGE_BYTES;
    }

    /** A page of {@link #LONGS} with anything in it. */
    long[] takeLongs() {
        used.getAndIncrement();
        long[] page = taken(longs.poll());
        return page == null ? new long[LONGS] : page;
    }

    /** A page of {@link #INTS} zeros. */
    int[] takeInts() {
        used.getAndIncrement();
        int[] page = taken(ints.poll());
        if (page == null) {
            return new int[INTS];
        }
        Arrays.fill(page, 0);
        return page;
    }

    void giveBack(@Transferred long[] page) {
        if (keeps()) {
            longs.add(page);
        }
    }

    void giveBack(@Transferred int[] page) {
        if (keeps()) {
            ints.add(page);
        }
    }

    private <T> @Nullable T taken(@Nullable T page) {
        if (page != null) {
            kept.getAndDecrement();
        }
        return page;
    }

    private boolean keeps() {
        used.getAndDecrement();
        boolean keeps = kept.getAndIncrement() < maxPages;
        if (!keeps) {
            kept.getAndDecrement();
        }
        return keeps;
    }
}
