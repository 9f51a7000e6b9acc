package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.function.Needed;
import io.metricstream.promql.function.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A range that stands several times in a query, in different functions: read once, and kept until the last one has it. */
@OwnedBy(Role.QUERY)
final class SharedSamples implements SampleSource {
    private StoredSamples inner;
    private final Map<Grid, Kept> kept = new HashMap<>();
    private int uses = 1;

    SharedSamples(StoredSamples inner) {
        this.inner = inner;
    }

    /** It stands in one more place, where this is needed. */
    void addUse(Needed needed) {
        uses++;
        inner = inner.alsoFor(needed);
    }

    @Override
    public Reach reach(Evaluation evaluation) {
        return inner.reach(evaluation);
    }

    @Override
    public void run(Evaluation evaluation, Grid grid, Sink sink) throws QueryException {
        if (uses == 1) {
            inner.run(evaluation, grid, sink);
            return;
        }
        Kept result = kept.get(grid);
        if (result == null) {
            result = new Kept(evaluation.budget(), uses);
            inner.run(evaluation, grid, result);
            kept.put(grid, result);
        }
        result.left--;
        for (KeptSeries series : result.all) {
            evaluation.budget().onSeries(series.samples.size());
            sink.accept(series.labels, series.nameDropped, series.samples);
        }
        if (result.left == 0) {
            kept.remove(grid);
            evaluation.budget().release(result.bytes);
        }
    }

    private record KeptSeries(Labels labels, boolean nameDropped, Samples samples) {}

    private static final class Kept implements Sink {
        private final Budget budget;
        private final List<KeptSeries> all = new ArrayList<>();
        private int left;
        private long bytes;

        Kept(Budget budget, int uses) {
            this.budget = budget;
            this.left = uses;
        }

        @Override
        public void accept(Labels labels, boolean nameDropped, Samples samples) throws QueryException {
            long more = Budget.SERIES_BYTES + Budget.labelBytes(labels) + (long) samples.size() * Samples.BYTES;
            budget.hold(more);
            bytes += more;
            all.add(new KeptSeries(labels, nameDropped, samples.copy()));
        }
    }
}
