package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.function.Quantiles;
import io.metricstream.promql.function.Samples;
import io.metricstream.promql.function.StepsFunction;
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
        evaluation.budget().hold(Reach.windowBytes(grid));
        var running = new Running(evaluation, grid, arguments);
        source.run(evaluation, grid, (labels, nameDropped, samples) -> {
            Column column = running.compute(labels, samples);
            if (column.isEmpty()) {
                evaluation.budget().give(column);
                return;
            }
            running.annotate(labels);
            sink.accept(labels, nameDropped || !keepsName(), column);
        });
        evaluation.budget().release(Reach.windowBytes(grid));
        for (double[] argument : arguments) {
            evaluation.budget().giveNumbers(argument);
        }
    }

    private boolean keepsName() {
        return function == Function.LAST_OVER_TIME || function == Function.FIRST_OVER_TIME;
    }

    /** The function over the windows of one series after the other. */
    private final class Running {
        private final Evaluation evaluation;
        private final double[][] arguments;
        private final double[] now;
        private final int steps;
        private final Window window;
        private final WindowFunction windows = WindowFunctions.of(function);
        /** The metric that was looked at last. */
        private String annotated = "";

        Running(Evaluation evaluation, Grid grid, double[][] arguments) {
            this.evaluation = evaluation;
            this.arguments = arguments;
            this.now = new double[arguments.length];
            this.steps = grid.steps();
            this.window = source.reach(evaluation).windows(grid, now);
        }

        Column compute(Labels labels, Samples samples) throws QueryException {
            Column column = evaluation.budget().take(steps, labels);
            windows.begin(samples, window.begin(samples));
            if (windows instanceof StepsFunction all) {
                all.computeAll(window, column.values(), column.present());
                evaluation.budget().onWork(steps + samples.size());
            } else {
                computeEach(column);
            }
            return column;
        }

        private void computeEach(Column column) throws QueryException {
            int work = 0;
            for (int step = 0; step < steps; step++) {
                for (int i = 0; i < now.length; i++) {
                    now[i] = arguments[i][step];
                }
                window.moveTo(step);
                if (window.size() > 0) {
                    checkArguments();
                    if (windows.compute(window)) {
                        column.set(step, window.result());
                    }
                }
                work += 1 + window.size();
                if (work > Budget.VALUES_A_LOOK / 4) {
                    evaluation.budget().onWork(work);
                    work = 0;
                }
            }
            evaluation.budget().onWork(work);
        }

        void annotate(Labels labels) {
            if (function == Function.RATE || function == Function.INCREASE) {
                String metric = labels.get(Labels.NAME);
                if (!metric.isEmpty()
                        && !metric.equals(annotated)
                        && COUNTER_ENDINGS.stream().noneMatch(metric::endsWith)) {
                    evaluation.annotations().possiblyNoCounter(metric, range);
                }
                annotated = metric;
            }
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
