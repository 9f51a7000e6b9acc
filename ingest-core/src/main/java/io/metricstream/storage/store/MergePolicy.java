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
     * @param quiet whether nothing more is expected in this partition, which then becomes one part
     */
    static Range pick(List<Long> bytes, boolean quiet) {
        int last = bytes.size();
        if (quiet) {
            return last < 2 ? Range.NONE : new Range(Math.max(0, last - MOST_PARTS), last);
        }
        for (int to = last; to >= LEAST_PARTS; to--) {
            int from = to - 1;
            long sum = bytes.get(from);
            while (from > 0 && to - from < MOST_PARTS && bytes.get(from - 1) <= sum) {
                from--;
                sum += bytes.get(from);
            }
            if (to - from >= LEAST_PARTS) {
                return new Range(from, to);
            }
        }
        return Range.NONE;
    }
}
