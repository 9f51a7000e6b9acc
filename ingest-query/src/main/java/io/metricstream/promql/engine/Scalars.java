package io.metricstream.promql.engine;

import io.metricstream.promql.function.BinaryFunctions;
import io.metricstream.promql.parse.BinaryOp;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/** The operators that give numbers. Stateless. */
final class Scalars {
    private static final double MILLIS = 1000;

    private Scalars() {}

    static ScalarOp constant(double value) {
        return (evaluation, grid) -> {
            double[] values = evaluation.budget().takeNumbers(grid.steps());
            Arrays.fill(values, value);
            return values;
        };
    }

    static ScalarOp time() {
        return (evaluation, grid) -> {
            double[] values = evaluation.budget().takeNumbers(grid.steps());
            for (int step = 0; step < values.length; step++) {
                values[step] = grid.timeMillis(step) / MILLIS;
            }
            return values;
        };
    }

    /** Something of the query, whatever step it is. */
    interface OfQuery {
        long millis(Grid query);
    }

    static ScalarOp ofQuery(OfQuery time) {
        return (evaluation, grid) ->
                constant(time.millis(evaluation.query()) / MILLIS).run(evaluation, grid);
    }

    static ScalarOp negative(ScalarOp inner) {
        return (evaluation, grid) -> {
            double[] values = inner.run(evaluation, grid);
            for (int step = 0; step < values.length; step++) {
                values[step] = -values[step];
            }
            return values;
        };
    }

    static ScalarOp binary(BinaryOp op, ScalarOp left, ScalarOp right) {
        return op.isComparison()
                ? both(left, right, (a, b) -> BinaryFunctions.compares(op, a, b) ? 1 : 0)
                : both(left, right, (a, b) -> BinaryFunctions.arithmetic(op, a, b));
    }

    static ScalarOp both(ScalarOp left, ScalarOp right, DoubleBinaryOperator function) {
        return (evaluation, grid) -> {
            double[] values = left.run(evaluation, grid);
            double[] others = right.run(evaluation, grid);
            for (int step = 0; step < values.length; step++) {
                values[step] = function.applyAsDouble(values[step], others[step]);
                evaluation.budget().onWork(1);
            }
            evaluation.budget().giveNumbers(others);
            return values;
        };
    }

    /** The value of the only series there is at a step; none or several give NaN. */
    static ScalarOp only(VectorOp inner) {
        return (evaluation, grid) -> {
            int steps = grid.steps();
            double[] values = evaluation.budget().takeNumbers(steps);
            Arrays.fill(values, Double.NaN);
            Steps one = evaluation.budget().takeSteps(steps);
            inner.run(evaluation, grid, (labels, nameDropped, column) -> {
                for (int step = column.next(0); step < steps; step = column.next(step + 1)) {
                    values[step] = one.has(step) ? Double.NaN : column.at(step);
                    one.add(step);
                }
                evaluation.budget().give(column);
            });
            evaluation.budget().giveSteps(steps);
            return values;
        };
    }
}
