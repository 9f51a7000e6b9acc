package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.text.GoNumber;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** How many series of each group have which value. */
record CountValuesOp(VectorOp inner, String label, Predicate<String> grouping) implements VectorOp {
    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        Groups<Column> counts = Groups.owning(evaluation.budget(), 0);
        inner.run(evaluation, grid, (labels, nameDropped, column) -> {
            Map<Double, Column> ofThis = new HashMap<>();
            for (int step = column.next(0); step < column.steps(); step = column.next(step + 1)) {
                Column count = ofThis.get(column.at(step));
                if (count == null) {
                    count = count(counts, labels, column.at(step), evaluation, grid);
                    ofThis.put(column.at(step), count);
                }
                count.set(step, count.has(step) ? count.at(step) + 1 : 1);
                // A value that was not there before is a new series.
                evaluation.budget().onSeries(0);
            }
            evaluation.budget().give(column);
        });
        counts.drain((labels, column) -> {
            evaluation.budget().onSeries(0);
            evaluation.budget().label(column, labels);
            sink.accept(labels, false, column);
        });
    }

    private Column count(Groups<Column> counts, Labels labels, double value, Evaluation evaluation, Grid grid)
            throws QueryException {
        Labels key = LabelSets.keep(LabelSets.with(labels, label, GoNumber.plain(value)), grouping);
        return counts.get(key, () -> evaluation.budget().take(grid.steps()));
    }
}
