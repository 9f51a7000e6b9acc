package io.metricstream.promql.function;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** {@code count_over_time}. */
@OwnedBy(Role.QUERY)
final class Count implements StepsFunction {
    @Override
    public boolean compute(Window window) {
        return window.give(window.count());
    }

    @Override
    public void computeAll(Window window, @Borrowed double[] results, @Borrowed long[] there) {
        for (int step = 0; step < window.steps(); step++) {
            window.moveTo(step);
            if (window.size() > 0) {
                results[step] = window.count();
                there[step >>> 6] |= 1L << step;
            }
        }
    }
}
