package io.metricstream.storage.head;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * Many growing lists of ints, most of them short, in slices of pages that all lists share.
 *
 * <pre>
 *   state of a list:  | the first element | address of the first slice | where the next element goes | count |
 *   slice of n ints:  | element | ... | address of the next slice |
 * </pre>
 *
 * The first element stands in the state, so a list of one needs no slice. Slices have room for 2, 4, 8 and so on up to
 * 1024 elements; the count says where they end.
 */
@OwnedBy(Role.QUERY)
final class IntLists {
    private static final int PAGE_SHIFT = 14;
    private static final int PAGE_INTS = 1 << PAGE_SHIFT;
    private static final int PAGE_MASK = PAGE_INTS - 1;
    private static final int MAX_SLICE = 1 << 10;

    private static final int STATE_SHIFT = 2;
    private static final int ELEMENT = 0;
    private static final int FIRST = 1;
    private static final int NEXT = 2;
    private static final int COUNT = 3;

    private int[] states = new int[256];
    private int lists;
    private int[][] pages = new int[4][];
    private int pageCount;
    private int pageUsed = PAGE_INTS;

    /** Begins an empty list; they are numbered from 0. */
    int addList() {
        int list = lists++;
        if (lists << STATE_SHIFT > states.length) {
            states = Arrays.copyOf(states, states.length * 2);
        }
        return list;
    }

    int lists() {
        return lists;
    }

    int count(int list) {
        return states[(list << STATE_SHIFT) + COUNT];
    }

    void add(int list, int element) {
        int at = list << STATE_SHIFT;
        int count = states[at + COUNT];
        if (count == 0) {
            states[at + ELEMENT] = element;
        } else {
            int next = states[at + NEXT];
            if (isFull(count - 1)) {
                next = addSlice(at, count - 1, next);
            }
            pages[next >>> PAGE_SHIFT][next & PAGE_MASK] = element;
            states[at + NEXT] = next + 1;
        }
        states[at + COUNT] = count + 1;
    }

    /** Tests one element after the other, in the order in which they were added, up to the first that passes. */
    boolean anyMatch(int list, IntPredicate test) {
        int at = list << STATE_SHIFT;
        int count = states[at + COUNT];
        if (count == 0) {
            return false;
        }
        if (test.test(states[at + ELEMENT])) {
            return true;
        }
        int address = states[at + FIRST];
        for (int done = 0; done < count - 1; ) {
            int[] page = pages[address >>> PAGE_SHIFT];
            int place = address & PAGE_MASK;
            int end = done + Math.min(sliceAfter(done), count - 1 - done);
            for (; done < end; done++) {
                if (test.test(page[place++])) {
                    return true;
                }
            }
            if (done < count - 1) {
                address = page[place];
            }
        }
        return false;
    }

    /** Hands over one element after the other, in the order in which they were added. */
    void forEach(int list, IntConsumer action) {
        boolean unused = anyMatch(list, element -> {
            action.accept(element);
            return false;
        });
    }

    long bytes() {
        return states.length * (long) Integer.BYTES + pageCount * (long) PAGE_INTS * Integer.BYTES;
    }

    /** At 0, 2, 6, 14 and so on, and every {@link #MAX_SLICE} from there. */
    private static boolean isFull(int count) {
        int c = count + 2;
        return c < MAX_SLICE ? (c & (c - 1)) == 0 : (c & (MAX_SLICE - 1)) == 0;
    }

    private static int sliceAfter(int count) {
        return Math.min(count + 2, MAX_SLICE);
    }

    private int addSlice(int at, int have, int linkAt) {
        int ints = sliceAfter(have) + 1;
        if (pageUsed + ints > PAGE_INTS) {
            if (pageCount == pages.length) {
                pages = Arrays.copyOf(pages, pageCount * 2);
            }
            pages[pageCount++] = new int[PAGE_INTS];
            pageUsed = 0;
        }
        int address = (pageCount - 1) << PAGE_SHIFT | pageUsed;
        pageUsed += ints;
        if (have == 0) {
            states[at + FIRST] = address;
        } else {
            pages[linkAt >>> PAGE_SHIFT][linkAt & PAGE_MASK] = address;
        }
        return address;
    }
}
