package io.metricstream.storage.store;

import java.util.List;

/**
 * Which neighbouring parts of a partition to merge next: the newest ones, and further back as long as a part is not
 * larger than all newer ones together. A sample is so rewritten about once for each doubling of its partition. The idea
 * is RocksDB's universal compaction.
 *
 * <p>Stateless. Parts are given oldest first; only neighbours are merged, so that newer samples stay newer.
 */
final class MergePolicy {
    /** Fewer parts than this are not worth rewriting, while their partition still grows. */
    static final int LEAST_PARTS = 4;

    static final int MOST_PARTS = 32;

    /** In a partition of the past a part is merged with newer ones that have this share of its size together. */
    private static final int QUIET_REACH = 16;

    private MergePolicy() {}

    /** A run of parts, by index; the end is not included. */
    record Range(int from, int to) {
        static final Range NONE = new Range(0, 0);

        boolean isEmpty() {
            return from == to;
        }

        int size() {
            return to - from;
        }
    }

    /**
     * Picks what to merge.
     *
     * @param bytes the size of each part, oldest first
     * @param quiet whether little more is expected in this partition, which then becomes one part, but for what came late:
     *     it waits until it is worth writing the rest again
     */
    static Range pick(List<Long> bytes, boolean quiet) {
        int last = bytes.size();
        int least = quiet ? 2 : LEAST_PARTS;
        int reach = quiet ? QUIET_REACH : 1;
        for (int to = last; to >= least; to--) {
            int from = to - 1;
            long sum = bytes.get(from);
            while (from > 0 && to - from < MOST_PARTS && bytes.get(from - 1) <= reach * sum) {
                from--;
                sum += bytes.get(from);
            }
            if (to - from >= least) {
                return new Range(from, to);
            }
        }
        return Range.NONE;
    }
}
