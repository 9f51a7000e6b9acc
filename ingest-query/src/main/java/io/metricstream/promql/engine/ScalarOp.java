package io.metricstream.promql.engine;

/** Computes a number for each step of a grid. */
@FunctionalInterface
interface ScalarOp {
    /** A new array of one number for each step. */
    double[] run(Evaluation evaluation, Grid grid) throws QueryException;
}
