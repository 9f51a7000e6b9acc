package io.metricstream.promql.engine;

import io.metricstream.model.SpecialValues;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.function.Needed;
import io.metricstream.promql.function.Samples;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;

/**
 * Reads the samples of series for the windows of one grid. A run that no window cuts is not decoded where its summary says
 * all that is needed, to the bit; docs/decisions/0021-summaries-answer-where-they-are-exact.md says when.
 *
 * <p>Order: {@link #read}, then {@link #release}, for each series.
 */
@OwnedBy(Role.QUERY)
final class RunReader {
    /** Whole numbers up to here, and their sums, are added without loss, in whatever order. */
    private static final double EXACT = 1L << 53;

    private final Budget budget;
    private final Grid grid;
    private final Reach reach;
    private final boolean withoutStale;
    private final Needed needed;
    private final Samples samples = new Samples();

    private long heldBytes;
    /** Samples of the series that the budget knows of. */
    private long counted;
    /** So many of {@link #samples} are whole numbers, and so much is the sum of their sizes. */
    private int exact;

    private double exactSize;

    RunReader(Budget budget, Grid grid, Reach reach, boolean withoutStale, Needed needed) {
        this.budget = budget;
        this.grid = grid;
        this.reach = reach;
        this.withoutStale = withoutStale;
        this.needed = needed;
    }

    /** The samples of the cursor's series, valid until the next call. */
    Samples read(SeriesCursor series) throws StorageFailure, QueryException {
        counted = 0;
        if (!tryRead(series.samples(), needed)) {
            release();
            boolean unused = tryRead(series.samples(), Needed.VALUES);
        }
        return samples;
    }

    /** The samples are not used any more. */
    void release() {
        budget.release(heldBytes);
        heldBytes = 0;
    }

    /** False where sums were taken from summaries before it came out that not all of the series is exact. */
    private boolean tryRead(SampleRuns runs, Needed wanted) throws StorageFailure, QueryException {
        Needed now = wanted;
        long passed = 0;
        samples.clear();
        exact = 0;
        exactSize = 0;
        while (runs.next()) {
            passed += runs.count();
            onSamples(runs.count(), passed);
            if (now != Needed.VALUES && runs.isSummarized() && addSummary(runs, now)) {
                continue;
            }
            hold(runs.count());
            add(runs);
            if (now == Needed.SUM && !isExact()) {
                if (samples.wholes() > 0) {
                    return false;
                }
                now = Needed.VALUES;
            }
        }
        return true;
    }

    /** Each sample counts once, however often it is read. */
    private void onSamples(int more, long passed) throws QueryException {
        if (passed > counted) {
            counted = passed;
            budget.onSamples(more);
        } else {
            budget.onWork(more);
        }
    }

    /** Adds what is known without the values; false where that is not all that is needed. */
    private boolean addSummary(SampleRuns runs, Needed now) throws StorageFailure, QueryException {
        if (reach.cuts(grid, runs.firstMillis(), runs.lastMillis())) {
            if (now != Needed.COUNT) {
                return false;
            }
            hold(runs.count());
            samples.addTimes(runs.timestampsMillis(), runs.count());
            return true;
        }
        return switch (now) {
            case COUNT -> addWhole(runs, 0);
            case MIN -> isFirstOfEqual(runs.min(), runs) && addWhole(runs, runs.min());
            case MAX -> isFirstOfEqual(runs.max(), runs) && addWhole(runs, runs.max());
            case SUM -> addSum(runs);
            case VALUES -> false;
        };
    }

    /** Which of 0 and -0 comes first is not known of a run that may have both. */
    private static boolean isFirstOfEqual(double extremum, SampleRuns runs) {
        return extremum != 0 || Double.compare(runs.min(), 0) == 0;
    }

    private boolean addSum(SampleRuns runs) throws StorageFailure, QueryException {
        double size = exactSize + Math.max(Math.abs(runs.min()), Math.abs(runs.max())) * runs.count();
        if (!runs.isSumExact() || size > EXACT) {
            return false;
        }
        exactSize = size;
        exact++;
        return addWhole(runs, runs.sum());
    }

    private boolean addWhole(SampleRuns runs, double value) throws StorageFailure, QueryException {
        hold(1);
        samples.addWhole(runs.lastMillis(), value, runs.count());
        return true;
    }

    private void hold(int more) throws QueryException {
        budget.hold((long) more * Samples.BYTES);
        heldBytes += (long) more * Samples.BYTES;
    }

    private void add(SampleRuns runs) throws StorageFailure {
        long[] times = runs.timestampsMillis();
        double[] values = runs.values();
        int count = runs.count();
        int from = 0;
        // What has a summary has numbers alone.
        boolean mayBeStale = withoutStale && !runs.isSummarized();
        for (int i = 0; mayBeStale && i < count; i++) {
            if (SpecialValues.isStale(values[i])) {
                samples.addAll(times, values, from, i - from);
                from = i + 1;
            }
        }
        samples.addAll(times, values, from, count - from);
    }

    /** Whether all samples so far are whole numbers that are added without loss. */
    private boolean isExact() {
        for (; exact < samples.size(); exact++) {
            double value = samples.value(exact);
            exactSize += Math.abs(value);
            if (value != Math.rint(value) || exactSize > EXACT) {
                return false;
            }
        }
        return true;
    }
}
