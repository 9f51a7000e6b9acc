package io.metricstream.promql.engine;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** How many series of a group there are at each step, or that there is one. */
@OwnedBy(Role.QUERY)
final class CountAccumulator implements GroupedOp.Accumulator {
    private final Budget budget;
    private final Column count;
    private final boolean onlyOne;

    CountAccumulator(Budget budget, int steps, boolean onlyOne) throws QueryException {
        this.budget = budget;
        this.count = budget.take(steps);
        this.onlyOne = onlyOne;
    }

    @Override
    public void add(Column column) {
        if (count.isAligned(column)) {
            addAll(count.values(), onlyOne ? 0 : 1);
        } else {
            addThere(column);
        }
        budget.give(column);
    }

    private static void addAll(double[] counts, int more) {
        for (int step = 0; step < counts.length; step++) {
            counts[step] += more;
        }
    }

    private void addThere(Column column) {
        for (int step = column.next(0); step < column.steps(); step = column.next(step + 1)) {
            count.set(step, count.has(step) && !onlyOne ? count.at(step) + 1 : 1);
        }
    }

    @Override
    public Column finish() {
        return count;
    }
}
