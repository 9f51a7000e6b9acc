package io.metricstream.storage.head;

import io.metricstream.own.Borrowed;
import io.metricstream.own.ThreadOwner;
import io.metricstream.own.ThreadSafe;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Samples in the order of their arrival, for each series a chain of slices in pages that all series share.
 *
 * <pre>
 *   slice of n samples: | time | value bits | time | value bits | ... | address of the next slice |   2n + 1 longs
 *   state of a series:  | address of the first slice | address of the next sample | count | 0 |         4 ints
 * </pre>
 *
 * Slices have room for 2, 4, 8, 16 and from then on 32 samples, so how many samples a series has says where its slices
 * end. An address is a page's number and a place in it; a slice does not span pages.
 *
 * <p>Thread: one appends; any reads at the same time. Order: everything that belongs to a sample is written before its
 * series' count is set with release; a reader gets the count with acquire and looks at no more than that. A page of
 * states is published in the same way.
 *
 * <p>Owns: its pages, from the pool and back to it with {@link #giveBack}, after which nothing may be called.
 */
@ThreadSafe("one thread appends; readers acquire the count that it released")
final class SampleChains {
    private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle PAGES = MethodHandles.arrayElementVarHandle(int[][].class);

    private static final int PAGE_SHIFT = 13;
    private static final int PAGE_MASK = PagePool.LONGS - 1;

    private static final int STATE_SHIFT = 2;
    private static final int FIRST = 0;
    private static final int NEXT = 1;
    private static final int COUNT = 2;
    private static final int REF_SHIFT = 12;
    private static final int REF_MASK = (1 << REF_SHIFT) - 1;

    /** Found by measurement: larger slices leave more room unused than their links would take. */
    private static final int MAX_SLICE = 32;

    private final ThreadOwner owner = new ThreadOwner();
    private final PagePool pool;

    /** Grown by copying, before the count that makes use of it is released. */
    private long[][] pages = new long[16][];

    private int pageCount;
    private int pageUsed = PagePool.LONGS;

    private volatile int[][] states = new int[0][];
    private volatile long bytes;

    SampleChains(PagePool pool) {
        this.pool = pool;
    }

    /** Adds the samples whose ref is not below 0; tells {@code onFirst} the refs that had none yet. */
    void append(
            @Borrowed int[] refs,
            @Borrowed long[] timestampsMillis,
            @Borrowed double[] values,
            int count,
            java.util.function.IntConsumer onFirst) {
        assert owner.check();
        for (int i = 0; i < count; i++) {
            int ref = refs[i];
            if (ref < 0) {
                continue;
            }
            int[] state = stateOf(ref);
            int at = (ref & REF_MASK) << STATE_SHIFT;
            int have = state[at + COUNT];
            int next = state[at + NEXT];
            if (isFull(have)) {
                next = addSlice(state, at, have, next);
                if (have == 0) {
                    onFirst.accept(ref);
                }
            }
            long[] page = pages[next >>> PAGE_SHIFT];
            int place = next & PAGE_MASK;
            page[place] = timestampsMillis[i];
            page[place + 1] = Double.doubleToRawLongBits(values[i]);
            state[at + NEXT] = next + 2;
            COUNTS.setRelease(state, at + COUNT, have + 1);
        }
    }

    /** How many samples a series has; pairs with the release in {@link #append}. */
    int countAcquire(int ref) {
        int[][] all = states;
        int page = ref >>> REF_SHIFT;
        int[] state = page < all.length ? (int[]) PAGES.getAcquire(all, page) : null;
        return state == null ? 0 : (int) COUNTS.getAcquire(state, ((ref & REF_MASK) << STATE_SHIFT) + COUNT);
    }

    /** Takes samples that lie in a row: each two longs from {@code place} on, its time and the bits of its value. */
    @FunctionalInterface
    interface Slice {
        void take(@Borrowed long[] page, int place, int samples);
    }

    /** Shows the first samples of a series, at most as many as {@link #countAcquire} said, in the order they came in. */
    void show(int ref, int count, Slice to) {
        int address = states[ref >>> REF_SHIFT][((ref & REF_MASK) << STATE_SHIFT) + FIRST];
        for (int done = 0; done < count; ) {
            long[] page = pages[address >>> PAGE_SHIFT];
            int place = address & PAGE_MASK;
            int samples = Math.min(sliceAfter(done), count - done);
            to.take(page, place, samples);
            done += samples;
            if (done < count) {
                address = (int) page[place + 2 * samples];
            }
        }
    }

    /** What the pages take. */
    long bytes() {
        return bytes;
    }

    /** Appending goes over to another thread. */
    void releaseOwner() {
        assert owner.release();
    }

    /** Gives the pages back; nobody may use this object any more. */
    void giveBack() {
        for (int i = 0; i < pageCount; i++) {
            pool.giveBack(pages[i]);
        }
        for (int[] state : states) {
            if (state != null) {
                pool.giveBack(state);
            }
        }
        pages = new long[0][];
        states = new int[0][];
    }

    private int[] stateOf(int ref) {
        int[][] all = states;
        int page = ref >>> REF_SHIFT;
        if (page < all.length && all[page] != null) {
            return all[page];
        }
        return addStates(page);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread alone writes.
    private int[] addStates(int page) {
        if (page >= states.length) {
            states = Arrays.copyOf(states, Math.max(page + 1, states.length + states.length / 2));
        }
        int[] state = pool.takeInts();
        PAGES.setRelease(states, page, state);
        bytes += PagePool.PAGE_BYTES;
        return state;
    }

    /** Whether a series with so many samples needs another slice: at 0, 2, 6, 14, 30, 62 and every 32 from there. */
    private static boolean isFull(int count) {
        int c = count + 2;
        return c < MAX_SLICE ? (c & c - 1) == 0 : (c & MAX_SLICE - 1) == 0;
    }

    /** The size of the slice that begins after so many samples. */
    private static int sliceAfter(int count) {
        return Math.min(count + 2, MAX_SLICE);
    }

    /** Links a new slice to the chain; returns its address. */
    private int addSlice(int[] state, int at, int have, int linkAt) {
        int longs = 2 * sliceAfter(have) + 1;
        if (pageUsed + longs > PagePool.LONGS) {
            addPage();
        }
        int address = (pageCount - 1) << PAGE_SHIFT | pageUsed;
        pageUsed += longs;
        if (have == 0) {
            state[at + FIRST] = address;
        } else {
            pages[linkAt >>> PAGE_SHIFT][linkAt & PAGE_MASK] = address;
        }
        return address;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread alone writes.
    private void addPage() {
        if (pageCount == pages.length) {
            pages = Arrays.copyOf(pages, pageCount * 2);
        }
        pages[pageCount++] = pool.takeLongs();
        pageUsed = 0;
        bytes += PagePool.PAGE_BYTES;
    }
}
