package io.metricstream.promql.function;

import io.metricstream.own.Borrowed;

/** A function that takes so little for each window that it computes those of all steps at once. Lives inside one query. */
public interface StepsFunction extends WindowFunction {
    /**
     * Computes the windows of all steps of the series that was begun with.
     *
     * @param results of each step, where there is one
     * @param there a bit for each step that has a result, the lowest of the first number for the first step; all 0 before
     */
    void computeAll(Window window, @Borrowed double[] results, @Borrowed long[] there);
}
