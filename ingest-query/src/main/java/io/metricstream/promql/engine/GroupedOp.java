package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** An aggregation that makes one series of each group, taking in series as they come. */
record GroupedOp(VectorOp inner, Predicate<String> grouping, Kind kind) implements VectorOp {
    /** Makes what takes in the series of one group. */
    interface Kind {
        Accumulator begin(Evaluation evaluation, Grid grid) throws QueryException;
    }

    /** Takes in the series of one group. */
    interface Accumulator {
        /** Takes one in; it may keep the column, and gives it back otherwise. */
        void add(Column column) throws QueryException;

        /** The series of the group. */
        Column finish() throws QueryException;
    }

    private static final class Group {
        private final Accumulator accumulator;
        private boolean nameDropped;

        Group(Accumulator accumulator) {
            this.accumulator = accumulator;
        }
    }

    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        Map<Labels, Group> groups = new LinkedHashMap<>();
        inner.run(evaluation, grid, (labels, nameDropped, column) -> {
            Labels key = LabelSets.keep(labels, grouping);
            Group group = groups.get(key);
            if (group == null) {
                group = new Group(kind.begin(evaluation, grid));
                groups.put(key, group);
            }
            group.nameDropped |= nameDropped;
            evaluation.budget().onSeries(column.steps());
            group.accumulator.add(column);
        });
        for (Map.Entry<Labels, Group> entry : groups.entrySet()) {
            evaluation.budget().onSeries(grid.steps());
            Column column = entry.getValue().accumulator.finish();
            if (column.isEmpty()) {
                evaluation.budget().give(column);
            } else {
                sink.accept(entry.getKey(), entry.getValue().nameDropped, column);
            }
        }
    }
}
