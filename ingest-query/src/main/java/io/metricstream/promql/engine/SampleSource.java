package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.function.Samples;

/** Gives the samples of series in windows that slide from step to step. */
interface SampleSource {
    /** Takes the samples of one series. */
    @FunctionalInterface
    interface Sink {
        /** Takes them; they are valid until it returns. */
        void accept(Labels labels, boolean nameDropped, Samples samples) throws QueryException;
    }

    /** Hands on the series with all samples that any window of the grid has. */
    void run(Evaluation evaluation, Grid grid, Sink sink) throws QueryException;

    /** The windows at a grid's steps. */
    Reach reach(Evaluation evaluation);
}
