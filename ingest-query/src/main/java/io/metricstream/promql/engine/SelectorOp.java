package io.metricstream.promql.engine;

import io.metricstream.model.SpecialValues;
import io.metricstream.promql.function.Samples;

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
        Reach reach = source.reach(evaluation);
        int steps = grid.steps();
        source.run(evaluation, grid, (labels, nameDropped, samples) -> {
            Column column = evaluation.budget().take(steps);
            fill(column, samples, grid, reach);
            evaluation.budget().onWork(steps);
            if (column.isEmpty()) {
                evaluation.budget().give(column);
            } else {
                sink.accept(labels, nameDropped || timestamps, column);
            }
        });
    }

    private void fill(Column column, Samples samples, Grid grid, Reach reach) {
        int steps = grid.steps();
        int size = samples.size();
        int next = 0;
        for (int step = 0; step < steps; step++) {
            long end = reach.endMillis(grid.timeMillis(step));
            while (next < size && samples.timeMillis(next) <= end) {
                next++;
            }
            int newest = next - 1;
            boolean found = newest >= 0
                    && samples.timeMillis(newest) > end - reach.lengthMillis()
                    && !SpecialValues.isStale(samples.value(newest));
            if (found) {
                column.set(step, timestamps ? samples.timeMillis(newest) / MILLIS : samples.value(newest));
            }
        }
    }
}
