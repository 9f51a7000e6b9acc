package io.metricstream.promql.function;

/** Computes a value for each window of a series. Lives inside one query. */
public interface WindowFunction {
    /** The windows that follow are of these samples, which may have the same times as those before. */
    default void begin(Samples samples, boolean sameTimes) {}

    /** True where the window has a value, which is then its {@link Window#result}. Never asked of an empty window. */
    boolean compute(Window window);
}
