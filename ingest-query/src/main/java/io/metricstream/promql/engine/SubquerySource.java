package io.metricstream.promql.engine;

import io.metricstream.promql.function.Samples;
import io.metricstream.promql.parse.Shift;

/** The values of an expression at the steps of a subquery, as samples. Immutable. */
final class SubquerySource implements SampleSource {
    /** The step where a subquery names none. */
    static final long DEFAULT_STEP_MILLIS = 60_000;

    private final VectorOp inner;
    private final Shift shift;
    private final long rangeMillis;
    private final long stepMillis;

    SubquerySource(VectorOp inner, Shift shift, long rangeMillis, long stepMillis) {
        this.inner = inner;
        this.shift = shift;
        this.rangeMillis = rangeMillis;
        this.stepMillis = stepMillis == 0 ? DEFAULT_STEP_MILLIS : stepMillis;
    }

    @Override
    public Reach reach(Evaluation evaluation) {
        return evaluation.reach(shift, rangeMillis);
    }

    @Override
    public void run(Evaluation evaluation, Grid grid, Sink sink) throws QueryException {
        Reach reach = reach(evaluation);
        long earliest = reach.earliestMillis(grid);
        long start = stepMillis * (earliest / stepMillis);
        if (start <= earliest) {
            start += stepMillis;
        }
        long end = reach.latestMillis(grid);
        if (end < start) {
            return;
        }
        if ((end - start) / stepMillis >= Integer.MAX_VALUE / 16) {
            throw QueryException.execution(
                    "subquery has too many steps: range=" + (end - start) + " ms, step=" + stepMillis + " ms");
        }
        var steps = new Grid(start, end, stepMillis);
        var samples = new Samples();
        long[] held = new long[1];
        inner.run(evaluation, steps, (labels, nameDropped, column) -> {
            samples.clear();
            long more = (long) column.count() * Samples.BYTES - held[0];
            if (more > 0) {
                evaluation.budget().hold(more);
                held[0] += more;
            }
            for (int step = column.next(0); step < column.steps(); step = column.next(step + 1)) {
                samples.add(steps.timeMillis(step), column.at(step));
            }
            evaluation.budget().onSeries(column.steps());
            evaluation.budget().give(column);
            if (samples.size() > 0) {
                sink.accept(labels, nameDropped, samples);
            }
        });
        evaluation.budget().release(held[0]);
    }
}
