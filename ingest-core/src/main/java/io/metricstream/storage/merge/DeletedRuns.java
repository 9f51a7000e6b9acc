package io.metricstream.storage.merge;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.storage.StorageFailure;
import java.util.List;

/**
 * The samples of a series less those in some ranges of time. Runs that no range touches are handed on as they are.
 *
 * <p>Thread: that of its cursor. Order: {@link #begin} for each series.
 */
@OwnedBy(Role.QUERY)
final class DeletedRuns implements SampleRuns {
    private SampleRuns runs;
    private List<Deletion> deletions = List.of();

    /** Whether the first run was found already, and {@link #next} has yet to tell. */
    private boolean primed;

    private boolean whole;
    private int count;
    private long[] timestampsMillis = new long[0];
    private double[] values = new double[0];

    DeletedRuns(SampleRuns runs) {
        this.runs = runs;
    }

    /** Takes a series' runs and what is deleted of it; false where nothing remains. */
    boolean begin(SampleRuns of, List<Deletion> without) throws StorageFailure {
        runs = of;
        deletions = without;
        primed = advance();
        return primed;
    }

    @Override
    public boolean next() throws StorageFailure {
        if (primed) {
            primed = false;
            return true;
        }
        return advance();
    }

    @Override
    public int count() throws StorageFailure {
        return whole ? runs.count() : count;
    }

    @Override
    public long firstMillis() throws StorageFailure {
        return whole ? runs.firstMillis() : timestampsMillis[0];
    }

    @Override
    public long lastMillis() throws StorageFailure {
        return whole ? runs.lastMillis() : timestampsMillis[count - 1];
    }

    @Override
    public boolean isSummarized() {
        return whole && runs.isSummarized();
    }

    @Override
    public double min() {
        return runs.min();
    }

    @Override
    public double max() {
        return runs.max();
    }

    @Override
    public double sum() {
        return runs.sum();
    }

    @Override
    public boolean isSumExact() {
        return runs.isSumExact();
    }

    @Override
    public long[] timestampsMillis() throws StorageFailure {
        return whole ? runs.timestampsMillis() : timestampsMillis;
    }

    @Override
    public double[] values() throws StorageFailure {
        return whole ? runs.values() : values;
    }

    private boolean advance() throws StorageFailure {
        while (runs.next()) {
            whole = isUntouched(runs.firstMillis(), runs.lastMillis());
            if (whole) {
                return true;
            }
            keepTheRest();
            if (count > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean isUntouched(long firstMillis, long lastMillis) {
        for (Deletion deletion : deletions) {
            if (deletion.touches(firstMillis, lastMillis)) {
                return false;
            }
        }
        return true;
    }

    private void keepTheRest() throws StorageFailure {
        count = 0;
        int samples = runs.count();
        if (timestampsMillis.length < samples) {
            timestampsMillis = new long[samples];
            values = new double[samples];
        }
        long[] times = runs.timestampsMillis();
        double[] all = runs.values();
        for (int i = 0; i < samples; i++) {
            if (isUntouched(times[i], times[i])) {
                timestampsMillis[count] = times[i];
                values[count++] = all[i];
            }
        }
    }
}
