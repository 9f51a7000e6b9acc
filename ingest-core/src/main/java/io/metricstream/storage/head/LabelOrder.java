package io.metricstream.storage.head;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.Transferred;
import java.util.Arrays;

/**
 * The refs of a table in the order of their labels, and for each ref its place in it. Sorting a million keys takes a
 * second, so it is done once: new refs are sorted and merged in.
 */
@OwnedBy(Role.QUERY)
final class LabelOrder {
    private final SeriesTable series;
    /** Merging costs a look at every ref, so a few are left aside until there are more of them. */
    private static final int MAX_UNKNOWN = 4096;

    private int[] order = new int[0];
    private int[] places = new int[0];

    LabelOrder(SeriesTable series) {
        this.series = series;
    }

    /** All refs below this one in label order; the array is not to be changed. */
    int[] all(int end) {
        extendTo(end);
        return order;
    }

    /** Some refs below {@code end}, given in ascending order, in label order; the array is used for it. */
    int[] sorted(@Transferred int[] some, int end) {
        if (end - order.length > MAX_UNKNOWN) {
            extendTo(end);
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
        if (known == some.length) {
            return some;
        }
        int[] unknown = Arrays.copyOfRange(some, known, some.length);
        sort(unknown);
        System.arraycopy(unknown, 0, some, known, unknown.length);
        int[] merged = new int[some.length];
        merge(some, merged, 0, known, some.length);
        return merged;
    }

    long bytes() {
        return 2L * Integer.BYTES * order.length;
    }

    /** Takes in all refs below this one. */
    private void extendTo(int end) {
        int known = order.length;
        if (end <= known) {
            return;
        }
        int[] both = Arrays.copyOf(order, end);
        int[] added = new int[end - known];
        for (int i = 0; i < added.length; i++) {
            added[i] = known + i;
        }
        sort(added);
        System.arraycopy(added, 0, both, known, added.length);
        int[] merged = new int[end];
        merge(both, merged, 0, known, end);
        order = merged;
        places = new int[end];
        for (int i = 0; i < end; i++) {
            places[merged[i]] = i;
        }
    }

    /** Of equal labels, which differ in their type, the later ref comes later. */
    private int compare(int a, int b) {
        int c = series.compareByLabels(a, b);
        return c != 0 ? c : Integer.compare(a, b);
    }

    /** A merge sort that creates no objects for its elements. */
    private void sort(int[] refs) {
        int[] from = refs;
        int[] to = new int[refs.length];
        for (int width = 1; width < refs.length; width *= 2) {
            for (int start = 0; start < refs.length; start += 2 * width) {
                merge(from, to, start, Math.min(start + width, refs.length), Math.min(start + 2 * width, refs.length));
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        if (from != refs) {
            System.arraycopy(from, 0, refs, 0, refs.length);
        }
    }

    private void merge(int[] from, int[] to, int start, int middle, int end) {
        if (middle >= end || middle == start || compare(from[middle - 1], from[middle]) < 0) {
            System.arraycopy(from, start, to, start, end - start);
            return;
        }
        int a = start;
        int b = middle;
        for (int i = start; i < end; i++) {
            to[i] = b == end || (a < middle && compare(from[a], from[b]) < 0) ? from[a++] : from[b++];
        }
    }
}
