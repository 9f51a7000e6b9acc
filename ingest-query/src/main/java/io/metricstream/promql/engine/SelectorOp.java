package io.metricstream.promql.engine;

import io.metricstream.model.SpecialValues;
import io.metricstream.promql.function.Window;

/** The newest sample of each series at each step, or the time of it. Immutable. */
final class SelectorOp implements VectorOp {
    private static final double MILLIS = 1000;

    private final SampleSource source;
    private final boolean timestamps;

    SelectorOp(SampleSource source, boolean timestamps) {
        this.source = source;
        this.timestamps = timestamps;
    }

    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        int steps = grid.steps();
        evaluation.budget().hold(Reach.windowBytes(grid));
        Window window = source.reach(evaluation).windows(grid, new double[0]);
        source.run(evaluation, grid, (labels, nameDropped, samples) -> {
            Column column = evaluation.budget().take(steps, labels);
            boolean unused = window.begin(samples);
            for (int step = 0; step < steps; step++) {
                window.moveTo(step);
                if (window.size() > 0 && !SpecialValues.isStale(window.last())) {
                    column.set(step, timestamps ? window.lastMillis() / MILLIS : window.last());
                }
            }
            evaluation.budget().onWork(steps);
            if (column.isEmpty()) {
                evaluation.budget().give(column);
            } else {
                sink.accept(labels, nameDropped || timestamps, column);
            }
        });
        evaluation.budget().release(Reach.windowBytes(grid));
    }
}
