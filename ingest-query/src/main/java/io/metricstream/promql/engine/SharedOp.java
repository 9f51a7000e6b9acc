package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** What stands several times in a query: computed once for each grid, and kept until the last one has it. */
@OwnedBy(Role.QUERY)
final class SharedOp implements VectorOp {
    private final VectorOp inner;
    private final Map<Grid, Kept> kept = new HashMap<>();
    private int uses = 1;

    SharedOp(VectorOp inner) {
        this.inner = inner;
    }

    /** It stands in one more place. */
    void addUse() {
        uses++;
    }

    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        if (uses == 1) {
            inner.run(evaluation, grid, sink);
            return;
        }
        Kept result = kept.get(grid);
        if (result == null) {
            result = new Kept(uses);
            inner.run(evaluation, grid, result);
            kept.put(grid, result);
        }
        boolean last = --result.left == 0;
        if (last) {
            kept.remove(grid);
            handOn(result.all, evaluation.budget(), sink);
        } else {
            handOnCopies(result.all, evaluation.budget(), sink);
        }
    }

    private static void handOn(Deque<KeptSeries> all, Budget budget, SeriesSink sink) throws QueryException {
        for (KeptSeries series = all.poll(); series != null; series = all.poll()) {
            budget.onSeries(series.column.steps());
            sink.accept(series.labels, series.nameDropped, series.column);
        }
    }

    private static void handOnCopies(Deque<KeptSeries> all, Budget budget, SeriesSink sink) throws QueryException {
        for (KeptSeries series : all) {
            budget.onSeries(series.column.steps());
            Column column = budget.take(series.column.steps(), series.labels);
            column.copyFrom(series.column);
            sink.accept(series.labels, series.nameDropped, column);
        }
    }

    private record KeptSeries(Labels labels, boolean nameDropped, Column column) {}

    private static final class Kept implements SeriesSink {
        private final Deque<KeptSeries> all = new ArrayDeque<>();
        private int left;

        Kept(int uses) {
            this.left = uses;
        }

        @Override
        public void accept(Labels labels, boolean nameDropped, Column column) {
            all.add(new KeptSeries(labels, nameDropped, column));
        }
    }
}
