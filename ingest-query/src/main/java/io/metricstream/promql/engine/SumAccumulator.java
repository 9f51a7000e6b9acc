package io.metricstream.promql.engine;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** The sum of a group at each step, with what its additions lost by rounding beside it. */
@OwnedBy(Role.QUERY)
final class SumAccumulator implements GroupedOp.Accumulator {
    private final Budget budget;
    private final Column sum;
    private final Column rest;

    SumAccumulator(Budget budget, int steps) throws QueryException {
        this.budget = budget;
        this.sum = budget.take(steps);
        this.rest = budget.take(steps);
    }

    @Override
    public void add(Column column) {
        for (int step = column.next(0); step < column.steps(); step = column.next(step + 1)) {
            double value = column.at(step);
            if (!sum.has(step)) {
                sum.set(step, value);
                rest.set(step, 0);
            } else {
                double before = sum.at(step);
                double total = before + value;
                sum.set(step, total);
                rest.set(step, restAfter(before, rest.at(step), value, total));
            }
        }
        budget.give(column);
    }

    private static double restAfter(double before, double rest, double value, double total) {
        if (Double.isInfinite(total)) {
            return 0;
        }
        boolean larger = Math.abs(before) >= Math.abs(value);
        return rest + (larger ? (before - total) + value : (value - total) + before);
    }

    @Override
    public Column finish() {
        for (int step = sum.next(0); step < sum.steps(); step = sum.next(step + 1)) {
            sum.set(step, sum.at(step) + rest.at(step));
        }
        budget.give(rest);
        return sum;
    }
}
