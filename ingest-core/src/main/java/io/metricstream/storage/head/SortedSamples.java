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
    private long fromMillis;
    private long toMillis;
    private final SampleChains.Slice taken = this::take;
    private final Runs runs = new Runs();

    /** Takes what the series of the refs from {@code first} to before {@code end} have, of equal times the last. */
    void load(SampleChains from, @Borrowed int[] refs, int first, int end, Selection selection) {
        count = 0;
        fromMillis = selection.fromMillis();
        toMillis = selection.toMillis();
        for (int i = first; i < end; i++) {
            from.show(refs[i], from.countAcquire(refs[i]), taken);
        }
        sort();
        keepLastOfEqual();
    }

    /** Copies those that are wanted, so that a few of many take no more memory than they need. */
    private void take(@Borrowed long[] page, int place, int samples) {
        if (timestampsMillis.length < count + samples) {
            timestampsMillis = Arrays.copyOf(timestampsMillis, timestampsMillis.length * 2);
            values = Arrays.copyOf(values, timestampsMillis.length);
        }
        for (int at = place; at < place + 2 * samples; at += 2) {
            long time = page[at];
            if (time >= fromMillis && time <= toMillis) {
                timestampsMillis[count] = time;
                values[count++] = Double.longBitsToDouble(page[at + 1]);
            }
        }
    }

    int count() {
        return count;
    }

    /** All of them, from the first one on. */
    SampleRuns runs() {
        runs.restart();
        return runs;
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
        private static final String NO_SUMMARY = "samples in memory have no summary";
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
        public boolean isSumExact() {
            throw new IllegalStateException(NO_SUMMARY);
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
            throw new IllegalStateException(NO_SUMMARY);
        }
    }
}
