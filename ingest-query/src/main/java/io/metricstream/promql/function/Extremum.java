package io.metricstream.promql.function;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * {@code max_over_time} and {@code min_over_time}: only samples that no later one of the window outdoes are kept, so that the
 * first of them is the answer, also of 0 and -0. What is no number counts only where there is nothing else.
 */
@OwnedBy(Role.QUERY)
final class Extremum implements WindowFunction {
    private final boolean most;
    private int[] kept = new int[16];
    private int first;
    private int end;
    private int seen;

    Extremum(boolean most) {
        this.most = most;
    }

    @Override
    public void begin(Samples samples, boolean sameTimes) {
        first = 0;
        end = 0;
        seen = 0;
        if (kept.length < samples.size()) {
            kept = new int[samples.size()];
        }
    }

    @Override
    public boolean compute(Window window) {
        for (; seen < window.to(); seen++) {
            double value = window.value(seen);
            if (!Double.isNaN(value)) {
                while (end > first && outdoes(value, window.value(kept[end - 1]))) {
                    end--;
                }
                kept[end++] = seen;
            }
        }
        while (first < end && kept[first] < window.from()) {
            first++;
        }
        return window.give(first < end ? window.value(kept[first]) : Double.NaN);
    }

    private boolean outdoes(double later, double earlier) {
        return most ? later > earlier : later < earlier;
    }
}
