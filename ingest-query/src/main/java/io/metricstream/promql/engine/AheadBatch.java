package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs of samples that were read ahead, and what series they are of.
 *
 * <p>Thread: one at a time, the one that fills it or the one that uses it. Owns: its arrays, which are used again.
 */
@OwnedBy(Role.QUERY)
final class AheadBatch {
    private static final int MOST_RUNS = 128;
    private static final int MOST_SAMPLES = 1 << 15;
    /** More is given up, so that short and long runs by turns do not have every run become a long one. */
    private static final int MOST_ROOM = 2 * MOST_SAMPLES;

    /** A run, or a piece of one that is long. */
    static final class Run {
        /** Not more than a block of a part has. */
        static final int MOST = 2048;

        private boolean beginsSeries;
        private int count;
        private boolean summarized;
        private double min;
        private double max;
        private double sum;
        private boolean sumExact;
        private long[] times = new long[0];
        private double[] values = new double[0];

        boolean beginsSeries() {
            return beginsSeries;
        }

        int count() {
            return count;
        }

        boolean isSummarized() {
            return summarized;
        }

        double min() {
            return min;
        }

        double max() {
            return max;
        }

        double sum() {
            return sum;
        }

        boolean isSumExact() {
            return sumExact;
        }

        long[] times() {
            return times;
        }

        double[] values() {
            return values;
        }

        private void set(SampleRuns from, int offset, int length) throws StorageFailure {
            long[] allTimes = from.timestampsMillis();
            double[] allValues = from.values();
            count = length;
            summarized = from.isSummarized() && length == from.count();
            if (summarized) {
                min = from.min();
                max = from.max();
                sum = from.sum();
                sumExact = from.isSumExact();
            }
            if (times.length < length) {
                int room = Math.min(MOST, Integer.highestOneBit(length) << 1);
                times = new long[room];
                values = new double[room];
            }
            System.arraycopy(allTimes, offset, times, 0, length);
            System.arraycopy(allValues, offset, values, 0, length);
        }
    }

    /** One of the series that begin here. */
    static final class Series {
        private final byte[] key;
        private final Labels labels;
        private final MetricType type;

        private Series(SeriesCursor of) {
            key = Arrays.copyOf(of.key(), of.keyLength());
            labels = of.labels();
            type = of.type();
        }

        byte[] key() {
            return key;
        }

        Labels labels() {
            return labels;
        }

        MetricType type() {
            return type;
        }
    }

    private final List<Run> runs = new ArrayList<>();
    private final List<Series> series = new ArrayList<>();
    private int runCount;
    private int samples;
    /** Samples for which all runs have room, used or not. */
    private int room;

    void clear() {
        if (room > MOST_ROOM) {
            runs.clear();
            room = 0;
        }
        runCount = 0;
        samples = 0;
        series.clear();
    }

    boolean isFull() {
        return runCount == MOST_RUNS || samples >= MOST_SAMPLES;
    }

    void add(SeriesCursor cursor) {
        series.add(new Series(cursor));
    }

    /** Adds a piece of a run of the newest series. */
    void add(SampleRuns from, int offset, int length, boolean beginsSeries) throws StorageFailure {
        if (runCount == runs.size()) {
            runs.add(new Run());
        }
        Run run = runs.get(runCount);
        room -= run.times.length;
        run.set(from, offset, length);
        room += run.times.length;
        run.beginsSeries = beginsSeries;
        runCount++;
        samples += length;
    }

    int runs() {
        return runCount;
    }

    Run run(int index) {
        return runs.get(index);
    }

    /** The series that begin here, in order. */
    Series series(int index) {
        return series.get(index);
    }
}
