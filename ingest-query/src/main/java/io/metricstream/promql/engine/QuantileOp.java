package io.metricstream.promql.engine;

import io.metricstream.promql.function.Quantiles;
import io.metricstream.promql.parse.Position;
import java.util.function.Predicate;

/** The quantile over the series of each group. */
record QuantileOp(VectorOp inner, ScalarOp quantile, Predicate<String> grouping, Position position)
        implements VectorOp {
    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        double[] q = quantile.run(evaluation, grid);
        for (double one : q) {
            if (Quantiles.isInvalid(one)) {
                evaluation.annotations().invalidQuantile(one, position);
            }
        }
        new GroupedOp(inner, grouping, Accumulators.quantile(q)).run(evaluation, grid, sink);
        evaluation.budget().giveNumbers(q);
    }
}
