package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.function.Quantiles;
import io.metricstream.promql.function.Samples;
import io.metricstream.promql.function.Window;
import io.metricstream.promql.function.WindowFunction;
import io.metricstream.promql.function.WindowFunctions;
import io.metricstream.promql.parse.Function;
import io.metricstream.promql.parse.Position;
import java.util.List;

/**
 * A function of a range of samples.
 *
 * @param scalars its other arguments
 * @param range where the range stands in the query, for what is said about it
 * @param first where the first argument stands
 */
record RangeFunctionOp(Function function, SampleSource source, List<ScalarOp> scalars, Position range, Position first)
        implements VectorOp {
    private static final List<String> COUNTER_ENDINGS = List.of("_total", "_sum", "_count", "_bucket");

    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        double[][] arguments = new double[scalars.size()][];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = scalars.get(i).run(evaluation, grid);
        }
        var running = new Running(evaluation, grid, arguments);
        source.run(evaluation, grid, (labels, nameDropped, samples) -> {
            Column column = running.compute(samples);
            if (column.isEmpty()) {
                evaluation.budget().give(column);
                return;
            }
            annotate(labels, evaluation);
            sink.accept(labels, nameDropped || !keepsName(), column);
        });
    }

    private boolean keepsName() {
        return function == Function.LAST_OVER_TIME || function == Function.FIRST_OVER_TIME;
    }

    private void annotate(Labels labels, Evaluation evaluation) {
        if (function == Function.RATE || function == Function.INCREASE) {
            String metric = labels.get(Labels.NAME);
            if (!metric.isEmpty() && COUNTER_ENDINGS.stream().noneMatch(metric::endsWith)) {
                evaluation.annotations().possiblyNoCounter(metric, range);
            }
        }
    }

    /** The function over the windows of one series after the other. */
    private final class Running {
        private final Evaluation evaluation;
        private final Grid grid;
        private final Reach reach;
        private final double[][] arguments;
        private final double[] now;
        private final WindowFunction windows = WindowFunctions.of(function);

        Running(Evaluation evaluation, Grid grid, double[][] arguments) {
            this.evaluation = evaluation;
            this.grid = grid;
            this.reach = source.reach(evaluation);
            this.arguments = arguments;
            this.now = new double[arguments.length];
        }

        Column compute(Samples samples) throws QueryException {
            int steps = grid.steps();
            Column column = evaluation.budget().take(steps);
            var window = new Window(samples);
            windows.begin(samples);
            for (int step = 0; step < steps; step++) {
                long time = grid.timeMillis(step);
                long end = reach.endMillis(time);
                for (int i = 0; i < now.length; i++) {
                    now[i] = arguments[i][step];
                }
                window.moveTo(end - reach.lengthMillis(), end, time, now);
                if (window.size() > 0) {
                    checkArguments();
                    if (windows.compute(window)) {
                        column.set(step, window.result());
                    }
                }
                evaluation.budget().onWork(window.size());
            }
            return column;
        }

        private void checkArguments() throws QueryException {
            if (function == Function.QUANTILE_OVER_TIME && Quantiles.isInvalid(now[0])) {
                evaluation.annotations().invalidQuantile(now[0], first);
            }
            if (function == Function.DOUBLE_EXPONENTIAL_SMOOTHING) {
                checkFactor("smoothing", "sf", now[0]);
                checkFactor("trend", "tf", now[1]);
            }
        }

        private void checkFactor(String name, String symbol, double factor) throws QueryException {
            if (factor <= 0 || factor >= 1) {
                throw QueryException.execution(
                        String.format("invalid %s factor. Expected: 0 < %s < 1, got: %f", name, symbol, factor));
            }
        }
    }
}
