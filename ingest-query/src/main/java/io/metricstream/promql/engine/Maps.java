package io.metricstream.promql.engine;

import io.metricstream.promql.function.BinaryFunctions;
import io.metricstream.promql.function.NumberFunctions;
import io.metricstream.promql.parse.BinaryOp;
import java.util.function.DoubleUnaryOperator;

/** What {@link MapOp} does with values. Stateless. */
final class Maps {
    private static final double MILLIS = 1000;

    private Maps() {}

    static MapOp.Operation number(DoubleUnaryOperator function) {
        return (evaluation, grid) -> (column, step) -> column.set(step, function.applyAsDouble(column.at(step)));
    }

    /** The time of the step. */
    static MapOp.Operation stepTime() {
        return (evaluation, grid) -> (column, step) -> column.set(step, grid.timeMillis(step) / MILLIS);
    }

    static MapOp.Operation round(ScalarOp toNearest) {
        return (evaluation, grid) -> {
            double[] nearest = toNearest.run(evaluation, grid);
            return (column, step) -> column.set(step, NumberFunctions.round(column.at(step), nearest[step]));
        };
    }

    static MapOp.Operation clamp(ScalarOp least, ScalarOp most) {
        return (evaluation, grid) -> {
            double[] lower = least.run(evaluation, grid);
            double[] upper = most.run(evaluation, grid);
            return (column, step) -> {
                if (upper[step] < lower[step]) {
                    column.remove(step);
                } else {
                    column.set(step, NumberFunctions.clamp(column.at(step), lower[step], upper[step]));
                }
            };
        };
    }

    /**
     * An operator between a vector and a scalar.
     *
     * @param scalarFirst whether the scalar is on the left
     */
    static MapOp.Operation withScalar(BinaryOp op, ScalarOp scalar, boolean scalarFirst, boolean bool) {
        return (evaluation, grid) -> {
            double[] other = scalar.run(evaluation, grid);
            return (column, step) -> {
                double value = column.at(step);
                double left = scalarFirst ? other[step] : value;
                double right = scalarFirst ? value : other[step];
                if (!op.isComparison()) {
                    column.set(step, BinaryFunctions.arithmetic(op, left, right));
                } else if (bool) {
                    column.set(step, BinaryFunctions.compares(op, left, right) ? 1 : 0);
                } else if (!BinaryFunctions.compares(op, left, right)) {
                    column.remove(step);
                }
            };
        };
    }
}
