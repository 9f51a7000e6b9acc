package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
        for (KeptSeries series : result.all) {
            evaluation.budget().onSeries(grid.steps());
            Column column = series.column;
            if (!last) {
                column = evaluation.budget().take(series.column.steps());
                column.copyFrom(series.column);
            }
            sink.accept(series.labels, series.nameDropped, column);
        }
        if (last) {
            kept.remove(grid);
        }
    }

    private record KeptSeries(Labels labels, boolean nameDropped, Column column) {}

    private static final class Kept implements SeriesSink {
        private final List<KeptSeries> all = new ArrayList<>();
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
