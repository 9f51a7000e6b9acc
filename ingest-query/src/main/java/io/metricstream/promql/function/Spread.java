package io.metricstream.promql.function;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** A function that needs the values of the window in an array of its own, to be sorted. */
@OwnedBy(Role.QUERY)
final class Spread implements WindowFunction {
    /** Of a window and its values, the first elements of an array. */
    interface OfValues {
        double compute(Window window, double[] values);
    }

    private final OfValues function;
    private double[] values = new double[0];

    Spread(OfValues function) {
        this.function = function;
    }

    @Override
    public boolean compute(Window window) {
        int count = window.size();
        if (values.length < count) {
            values = new double[count * 2];
        }
        for (int i = 0; i < count; i++) {
            values[i] = window.value(window.from() + i);
        }
        return window.give(function.compute(window, values));
    }
}
