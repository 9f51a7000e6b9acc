package io.metricstream.storage.head;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import java.util.Arrays;

/**
 * The samples of one series of a memtable, copied out, in order of time, each time once with the value that came last.
 * Reused from series to series.
 */
@OwnedBy(Role.QUERY)
final class SortedSamples {
    private long[] timestampsMillis = new long[256];
    private double[] values = new double[256];
    private long[] spareTimestamps = new long[0];
    private double[] spareValues = new double[0];
    private int count;
    private final Runs runs = new Runs();

    /** Takes what the series of the refs from {@code first} to before {@code end} have, of equal times the last. */
    void load(SampleChains from, @Borrowed int[] refs, int first, int end, Selection selection) {
        count = 0;
        for (int i = first; i < end; i++) {
            append(from, refs[i]);
        }
        keep(selection.fromMillis(), selection.toMillis());
        sort();
        keepLastOfEqual();
        runs.restart();
    }

    private void append(SampleChains from, int ref) {
        int added = from.countAcquire(ref);
        if (timestampsMillis.length < count + added) {
            int capacity = Math.max(count + added, timestampsMillis.length * 2);
            timestampsMillis = Arrays.copyOf(timestampsMillis, capacity);
            values = Arrays.copyOf(values, capacity);
        }
        from.copy(ref, added, timestampsMillis, values, count);
        count += added;
    }

    int count() {
        return count;
    }

    SampleRuns runs() {
        return runs;
    }

    private void keep(long fromMillis, long toMillis) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            long t = timestampsMillis[i];
            if (t >= fromMillis && t <= toMillis) {
                timestampsMillis[kept] = t;
                values[kept++] = values[i];
            }
        }
        count = kept;
    }

    /** A stable merge sort of the ascending stretches that are there already. */
    private void sort() {
        int firstEnd = ascendingEnd(0);
        if (firstEnd == count) {
            return;
        }
        if (spareTimestamps.length < count) {
            spareTimestamps = new long[timestampsMillis.length];
            spareValues = new double[values.length];
        }
        do {
            mergePairs();
            long[] t = timestampsMillis;
            timestampsMillis = spareTimestamps;
            spareTimestamps = t;
            double[] v = values;
            values = spareValues;
            spareValues = v;
        } while (ascendingEnd(0) < count);
    }

    /** Merges each two neighbouring stretches into the spare arrays. */
    private void mergePairs() {
        for (int from = 0; from < count; ) {
            int middle = ascendingEnd(from);
            int end = middle < count ? ascendingEnd(middle) : middle;
            merge(from, middle, end);
            from = end;
        }
    }

    private void merge(int from, int middle, int end) {
        int a = from;
        int b = middle;
        for (int to = from; to < end; to++) {
            int take = b >= end || (a < middle && timestampsMillis[a] <= timestampsMillis[b]) ? a++ : b++;
            spareTimestamps[to] = timestampsMillis[take];
            spareValues[to] = values[take];
        }
    }

    private int ascendingEnd(int from) {
        int i = from + 1;
        while (i < count && timestampsMillis[i - 1] <= timestampsMillis[i]) {
            i++;
        }
        return Math.min(i, count);
    }

    private void keepLastOfEqual() {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (i + 1 == count || timestampsMillis[i] != timestampsMillis[i + 1]) {
                timestampsMillis[kept] = timestampsMillis[i];
                values[kept++] = values[i];
            }
        }
        count = kept;
    }

    /** All of them as one run. */
    private final class Runs implements SampleRuns {
        private boolean begun;

        void restart() {
            begun = false;
        }

        @Override
        public boolean next() {
            boolean first = !begun;
            begun = true;
            return first && count > 0;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public long firstMillis() {
            return timestampsMillis[0];
        }

        @Override
        public long lastMillis() {
            return timestampsMillis[count - 1];
        }

        @Override
        public boolean isSummarized() {
            return false;
        }

        @Override
        public double min() {
            return summary();
        }

        @Override
        public double max() {
            return summary();
        }

        @Override
        public double sum() {
            return summary();
        }

        @Override
        public long[] timestampsMillis() {
            return timestampsMillis;
        }

        @Override
        public double[] values() {
            return values;
        }

        private double summary() {
            throw new IllegalStateException("samples in memory have no summary");
        }
    }
}
