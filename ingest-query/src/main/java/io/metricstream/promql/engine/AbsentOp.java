package io.metricstream.promql.engine;

import io.metricstream.model.Labels;

/**
 * One series, at the steps where there is none.
 *
 * @param labels those that the missing series would be known to have
 */
record AbsentOp(VectorOp inner, Labels labels) implements VectorOp {
    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        Steps there = evaluation.budget().takeSteps(grid.steps());
        inner.run(evaluation, grid, (any, nameDropped, column) -> {
            column.markIn(there);
            evaluation.budget().give(column);
        });
        evaluation.budget().giveSteps(grid.steps());
        if (there.isFull()) {
            return;
        }
        Column column = evaluation.budget().take(grid.steps());
        for (int step = 0; step < column.steps(); step++) {
            column.set(step, 1);
        }
        column.keep(there, false);
        sink.accept(labels, false, column);
    }
}
