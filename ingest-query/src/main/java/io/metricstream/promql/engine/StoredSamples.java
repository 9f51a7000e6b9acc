package io.metricstream.promql.engine;

import io.metricstream.model.SpecialValues;
import io.metricstream.promql.function.Samples;
import io.metricstream.promql.parse.Shift;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.util.List;

/** Reads the samples of the series that a selector selects. Immutable. */
final class StoredSamples implements SampleSource {
    private final List<Matcher> matchers;
    private final Shift shift;
    /** 0 for a selector of single samples, which looks back as far as the query says. */
    private final long rangeMillis;

    StoredSamples(List<Matcher> matchers, Shift shift, long rangeMillis) {
        this.matchers = matchers;
        this.shift = shift;
        this.rangeMillis = rangeMillis;
    }

    @Override
    public Reach reach(Evaluation evaluation) {
        return rangeMillis == 0 ? evaluation.lookback(shift) : evaluation.reach(shift, rangeMillis);
    }

    /** Hands on series with their samples; a range has no stale markers. */
    @Override
    public void run(Evaluation evaluation, Grid grid, Sink sink) throws QueryException {
        Reach reach = reach(evaluation);
        var selection = new Selection(
                matchers,
                reach.earliestMillis(grid) + 1,
                reach.latestMillis(grid),
                evaluation.budget().cancellation());
        if (selection.toMillis() < selection.fromMillis()) {
            return;
        }
        var samples = new Samples();
        try (SeriesCursor series = evaluation.select(selection)) {
            while (series.next()) {
                evaluation.budget().onSeries(0);
                samples.clear();
                long heldBytes = read(series.samples(), samples, evaluation);
                if (samples.size() > 0) {
                    sink.accept(series.labels(), false, samples);
                }
                evaluation.budget().release(heldBytes);
            }
        } catch (StorageFailure e) {
            throw new QueryException(QueryException.Kind.STORAGE, e);
        }
    }

    /** Reads a series; returns how much memory it holds. */
    private long read(SampleRuns runs, Samples to, Evaluation evaluation) throws StorageFailure, QueryException {
        long heldBytes = 0;
        while (runs.next()) {
            int count = runs.count();
            evaluation.budget().onSamples(count);
            evaluation.budget().hold((long) count * Samples.BYTES);
            heldBytes += (long) count * Samples.BYTES;
            add(runs, to);
        }
        return heldBytes;
    }

    private void add(SampleRuns runs, Samples to) throws StorageFailure {
        long[] times = runs.timestampsMillis();
        double[] values = runs.values();
        int count = runs.count();
        int from = 0;
        // What has a summary has numbers alone.
        boolean mayBeStale = rangeMillis != 0 && !runs.isSummarized();
        for (int i = 0; mayBeStale && i < count; i++) {
            if (SpecialValues.isStale(values[i])) {
                to.addAll(times, values, from, i - from);
                from = i + 1;
            }
        }
        to.addAll(times, values, from, count - from);
    }
}
