package io.metricstream.promql.engine;

import io.metricstream.promql.function.Quantiles;
import io.metricstream.promql.function.RunningMean;
import io.metricstream.promql.parse.AggregateOp;
import java.util.ArrayList;
import java.util.List;

/** What aggregations do with the series of a group. */
final class Accumulators {
    private Accumulators() {}

    /** For the aggregations without a parameter. */
    static GroupedOp.Kind of(AggregateOp op) {
        return switch (op) {
            case SUM -> (evaluation, grid) -> new SumAccumulator(evaluation.budget(), grid.steps());
            case MIN -> folding((before, value) -> before > value || Double.isNaN(before) ? value : before);
            case MAX -> folding((before, value) -> before < value || Double.isNaN(before) ? value : before);
            case COUNT -> (evaluation, grid) -> new CountAccumulator(evaluation.budget(), grid.steps(), false);
            case GROUP -> (evaluation, grid) -> new CountAccumulator(evaluation.budget(), grid.steps(), true);
            case AVG -> collecting((evaluation, values, count, step) -> mean(values, count));
            case STDVAR -> collecting((evaluation, values, count, step) -> variance(values, count));
            case STDDEV -> collecting((evaluation, values, count, step) -> Math.sqrt(variance(values, count)));
            default -> throw new IllegalArgumentException("needs a parameter: " + op.text());
        };
    }

    /** The quantile that a number says, which may be another one at each step. */
    static GroupedOp.Kind quantile(double[] q) {
        return collecting((evaluation, values, count, step) -> Quantiles.of(q[step], values, count));
    }

    private static double mean(double[] values, int count) {
        var mean = new RunningMean();
        for (int i = 0; i < count; i++) {
            mean.add(values[i]);
        }
        return mean.value();
    }

    private static double variance(double[] values, int count) {
        double mean = values[0];
        double squares = Double.isNaN(mean) || Double.isInfinite(mean) ? Double.NaN : 0;
        for (int i = 1; i < count; i++) {
            double delta = values[i] - mean;
            mean += delta / (i + 1);
            squares += delta * (values[i] - mean);
        }
        return squares / count;
    }

    private interface Fold {
        double apply(double before, double value);
    }

    private static GroupedOp.Kind folding(Fold fold) {
        return (evaluation, grid) -> new GroupedOp.Accumulator() {
            private final Column result = evaluation.budget().take(grid.steps());

            @Override
            public void add(Column column) {
                for (int step = column.next(0); step < column.steps(); step = column.next(step + 1)) {
                    double value = column.at(step);
                    result.set(step, result.has(step) ? fold.apply(result.at(step), value) : value);
                }
                evaluation.budget().give(column);
            }

            @Override
            public Column finish() {
                return result;
            }
        };
    }

    /** Of all values of a group at a step. */
    private interface OfValues {
        double apply(Evaluation evaluation, double[] values, int count, int step) throws QueryException;
    }

    private static GroupedOp.Kind collecting(OfValues function) {
        return (evaluation, grid) -> new GroupedOp.Accumulator() {
            private final List<Column> columns = new ArrayList<>();

            @Override
            public void add(Column column) {
                columns.add(column);
            }

            @Override
            public Column finish() throws QueryException {
                Column result = evaluation.budget().take(grid.steps());
                var values = new double[columns.size()];
                for (int step = 0; step < grid.steps(); step++) {
                    int count = 0;
                    for (Column column : columns) {
                        if (column.has(step)) {
                            values[count++] = column.at(step);
                        }
                    }
                    evaluation.budget().onWork(columns.size());
                    if (count > 0) {
                        result.set(step, function.apply(evaluation, values, count, step));
                    }
                }
                columns.forEach(evaluation.budget()::give);
                return result;
            }
        };
    }
}
