package io.metricstream.promql.engine;

/** What is the same at every step, for all it looks at is pinned: computed once. */
record InvariantOp(VectorOp inner) implements VectorOp {
    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        Grid once = Grid.instant(grid.startMillis());
        inner.run(evaluation, once, (labels, nameDropped, single) -> {
            Column column = evaluation.budget().take(grid.steps(), labels);
            evaluation.budget().onSeries(grid.steps());
            for (int step = 0; step < column.steps(); step++) {
                column.set(step, single.at(0));
            }
            evaluation.budget().give(single);
            sink.accept(labels, nameDropped, column);
        });
    }
}
