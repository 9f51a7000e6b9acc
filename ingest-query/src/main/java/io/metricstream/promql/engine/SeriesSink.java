package io.metricstream.promql.engine;

import io.metricstream.model.Labels;

/** Takes one series after the other. */
@FunctionalInterface
interface SeriesSink {
    /**
     * Takes a series.
     *
     * @param nameDropped whether its name goes when everything is done
     * @param column belongs to the sink from here on, which hands it on or gives it back
     */
    void accept(Labels labels, boolean nameDropped, Column column) throws QueryException;
}
