package io.metricstream.promql.engine;

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
        Groups<Group> groups = Groups.owning(evaluation.budget(), 0);
        inner.run(evaluation, grid, (labels, nameDropped, column) -> {
            Group group = groups.get(LabelSets.keep(labels, grouping), () -> new Group(kind.begin(evaluation, grid)));
            group.nameDropped |= nameDropped;
            evaluation.budget().onSeries(column.steps());
            group.accumulator.add(column);
        });
        groups.drain((labels, group) -> {
            evaluation.budget().onSeries(grid.steps());
            Column column = group.accumulator.finish();
            if (column.isEmpty()) {
                evaluation.budget().give(column);
            } else {
                evaluation.budget().label(column, labels);
                sink.accept(labels, group.nameDropped, column);
            }
        });
    }
}
