package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import org.jspecify.annotations.Nullable;

/**
 * Other labels for each series.
 *
 * @param namesMetric whether it is the metric's name that changes, which then stays
 */
record RelabelOp(VectorOp inner, Operation operation, boolean namesMetric) implements VectorOp {
    /** Makes what changes labels, or says what is wrong with it. */
    interface Operation {
        Relabel prepare() throws QueryException;
    }

    /** Gives a series its labels. */
    interface Relabel {
        /** The new labels; null where they stay as they are. */
        @Nullable
        Labels apply(Labels labels);
    }

    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        Relabel relabel = operation.prepare();
        var merge = new SeriesMerge(evaluation.budget(), sink);
        inner.run(evaluation, grid, (labels, nameDropped, column) -> {
            evaluation.budget().onSeries(0);
            Labels changed = relabel.apply(labels);
            if (changed != null) {
                evaluation.budget().label(column, changed);
            }
            boolean named = changed != null && namesMetric;
            merge.accept(changed == null ? labels : changed, nameDropped && !named, column);
        });
        merge.flush();
    }
}
