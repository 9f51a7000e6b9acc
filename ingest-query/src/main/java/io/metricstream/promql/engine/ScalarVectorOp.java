package io.metricstream.promql.engine;

import io.metricstream.model.Labels;

/** {@code vector()}: a number as a series without labels. */
record ScalarVectorOp(ScalarOp scalar) implements VectorOp {
    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        double[] values = scalar.run(evaluation, grid);
        Column column = evaluation.budget().take(values.length);
        for (int step = 0; step < values.length; step++) {
            column.set(step, values[step]);
        }
        evaluation.budget().giveNumbers(values);
        sink.accept(Labels.EMPTY, false, column);
    }
}
