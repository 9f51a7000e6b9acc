package io.metricstream.promql.engine;

/**
 * Another value in the place of each.
 *
 * @param keepsName whether it is still what the name says
 */
record MapOp(VectorOp inner, Operation operation, boolean keepsName) implements VectorOp {
    /** Makes what is computed at the steps of one grid. */
    interface Operation {
        Function prepare(Evaluation evaluation, Grid grid) throws QueryException;
    }

    /** Changes a value, and may take it away. */
    interface Function {
        void apply(Column column, int step);
    }

    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        Function function = operation.prepare(evaluation, grid);
        inner.run(evaluation, grid, (labels, nameDropped, column) -> {
            int steps = column.steps();
            for (int step = column.next(0); step < steps; step = column.next(step + 1)) {
                function.apply(column, step);
                evaluation.budget().onWork(1);
            }
            evaluation.budget().onSeries(0);
            if (column.isEmpty()) {
                evaluation.budget().give(column);
            } else {
                sink.accept(labels, nameDropped || !keepsName, column);
            }
        });
    }
}
