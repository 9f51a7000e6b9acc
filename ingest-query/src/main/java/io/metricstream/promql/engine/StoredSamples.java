package io.metricstream.promql.engine;

import io.metricstream.promql.function.Needed;
import io.metricstream.promql.function.Samples;
import io.metricstream.promql.parse.Shift;
import io.metricstream.select.Matcher;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.util.List;

/** Reads the samples of the series that a selector selects. Immutable. */
final class StoredSamples implements SampleSource {
    private final List<Matcher> matchers;
    private final Shift shift;
    /** 0 where single samples are selected, each as far back as the query says. */
    private final long rangeMillis;

    private final Needed needed;

    StoredSamples(List<Matcher> matchers, Shift shift, long rangeMillis, Needed needed) {
        this.matchers = matchers;
        this.shift = shift;
        this.rangeMillis = rangeMillis;
        this.needed = needed;
    }

    /** Single samples, each as far back as the query says. */
    static StoredSamples single(List<Matcher> matchers, Shift shift) {
        return new StoredSamples(matchers, shift, 0, Needed.VALUES);
    }

    /** One that reads what is needed for something else, too. */
    StoredSamples alsoFor(Needed more) {
        return new StoredSamples(matchers, shift, rangeMillis, needed.and(more));
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
        boolean summaries = needed != Needed.VALUES && reach.mayHoldBlocks(grid);
        var reader =
                new RunReader(evaluation.budget(), grid, reach, rangeMillis != 0, summaries ? needed : Needed.VALUES);
        // What is read ahead is decoded.
        try (SeriesCursor series = summaries ? evaluation.stored().select(selection) : evaluation.select(selection)) {
            while (series.next()) {
                evaluation.budget().onSeries(0);
                Samples samples = reader.read(series);
                if (samples.size() > 0) {
                    sink.accept(series.labels(), false, samples);
                }
                reader.release();
            }
        } catch (StorageFailure e) {
            throw new QueryException(QueryException.Kind.STORAGE, e);
        }
    }
}
