package io.metricstream.storage.head;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.Transferred;
import io.metricstream.select.Cancellation;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The refs of a table in the order of their labels, and for each ref its place in it. A few new refs are compared and
 * inserted; after many, all are sorted anew by their labels' values, which is cheaper than comparing their keys.
 */
@OwnedBy(Role.QUERY)
final class LabelOrder {
    /** Up to so many new refs are compared. */
    private static final int MAX_COMPARED = 4096;

    private final SeriesTable series;
    private final LabelPostings postings;

    private int[] order = new int[0];
    private int[] places = new int[0];

    LabelOrder(SeriesTable series, LabelPostings postings) {
        this.series = series;
        this.postings = postings;
    }

    /** All refs of the postings in label order; the array is not to be changed. */
    int[] all(Cancellation cancellation) {
        int end = postings.refs();
        int known = order.length;
        if (end > known) {
            order = end - known > MAX_COMPARED
                    ? postings.sortedRefs(cancellation)
                    : merged(order, known, IntStream.range(known, end));
            places = new int[end];
            for (int i = 0; i < end; i++) {
                places[order[i]] = i;
            }
        }
        return order;
    }

    /** Some refs of the postings, given in ascending order, in label order; the array is used for it. */
    int[] sorted(@Transferred int[] some, Cancellation cancellation) {
        if (postings.refs() - order.length > MAX_COMPARED) {
            int[] unused = all(cancellation);
        }
        int found = Arrays.binarySearch(some, order.length);
        int known = found < 0 ? -1 - found : found;
        for (int i = 0; i < known; i++) {
            some[i] = places[some[i]];
        }
        Arrays.sort(some, 0, known);
        for (int i = 0; i < known; i++) {
            some[i] = order[some[i]];
        }
        return known == some.length ? some : merged(some, known, Arrays.stream(some, known, some.length));
    }

    long bytes() {
        return 2L * Integer.BYTES * order.length;
    }

    /** The first {@code count} of these, which are in order, and the added ones. */
    private int[] merged(int[] sorted, int count, IntStream added) {
        int[] more =
                added.boxed().sorted(this::compare).mapToInt(Integer::intValue).toArray();
        int[] merged = new int[count + more.length];
        int from = 0;
        for (int i = 0; i < more.length; i++) {
            int end = firstAfter(more[i], sorted, from, count);
            System.arraycopy(sorted, from, merged, from + i, end - from);
            merged[end + i] = more[i];
            from = end;
        }
        System.arraycopy(sorted, from, merged, from + more.length, count - from);
        return merged;
    }

    private int firstAfter(int ref, int[] sorted, int from, int end) {
        int low = from;
        int high = end;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(sorted[middle], ref) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Of equal labels, which differ in their type, the later ref comes later. */
    private int compare(int a, int b) {
        int c = series.compareByLabels(a, b);
        return c != 0 ? c : Integer.compare(a, b);
    }
}
