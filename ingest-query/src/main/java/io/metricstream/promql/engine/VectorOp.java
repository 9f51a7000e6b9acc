package io.metricstream.promql.engine;

/** Computes series at the steps of a grid. Lives inside one query; may run several times, on several grids. */
@FunctionalInterface
interface VectorOp {
    /** Hands each series that has a value at any step to the sink. But for a single moment, no labels come twice. */
    void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException;
}
