package io.metricstream.promql.engine;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.function.KahanSum;

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
        if (sum.isAligned(column)) {
            addAll(column.values(), sum.values(), rest.values());
        } else {
            addThere(column);
        }
        budget.give(column);
    }

    /** Also what is not there, which nobody looks at. */
    private static void addAll(double[] values, double[] sums, double[] rests) {
        for (int step = 0; step < values.length; step++) {
            double total = sums[step] + values[step];
            rests[step] += KahanSum.error(sums[step], values[step], total);
            sums[step] = total;
        }
    }

    private void addThere(Column column) {
        for (int step = column.next(0); step < column.steps(); step = column.next(step + 1)) {
            double value = column.at(step);
            if (!sum.has(step)) {
                sum.set(step, value);
                rest.set(step, 0);
            } else {
                double total = sum.at(step) + value;
                rest.set(step, rest.at(step) + KahanSum.error(sum.at(step), value, total));
                sum.set(step, total);
            }
        }
    }

    @Override
    public Column finish() {
        for (int step = sum.next(0); step < sum.steps(); step = sum.next(step + 1)) {
            // What is infinite stays so.
            if (!Double.isInfinite(sum.at(step))) {
                sum.set(step, sum.at(step) + rest.at(step));
            }
        }
        budget.give(rest);
        return sum;
    }
}
