package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.function.Dates;
import io.metricstream.promql.function.NumberFunctions;
import io.metricstream.promql.function.WindowFunctions;
import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.Function;
import io.metricstream.promql.parse.Position;
import io.metricstream.promql.parse.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Makes the operator of one call that gives a vector. Lives inside one call. */
final class CallPlanner {
    private final Planner planner;
    private final Expr.Call call;
    private final Function function;
    private final List<Expr> arguments;

    CallPlanner(Planner planner, Expr.Call call) {
        this.planner = planner;
        this.call = call;
        this.function = call.function();
        this.arguments = call.arguments();
    }

    VectorOp plan() {
        DoubleUnaryOperator number = NumberFunctions.of(function);
        if (number != null) {
            return new MapOp(vector(0), Maps.number(number), false);
        }
        DoubleUnaryOperator date = Dates.of(function);
        if (date != null) {
            VectorOp times = arguments.isEmpty() ? new ScalarVectorOp(Scalars.time()) : vector(0);
            return new MapOp(times, Maps.number(date), false);
        }
        return switch (function) {
            case ABSENT -> new AbsentOp(vector(0), Arguments.certainLabels(arguments.get(0)));
            case ABSENT_OVER_TIME -> new AbsentOp(range(), Arguments.certainLabels(arguments.get(0)));
            case CLAMP -> new MapOp(vector(0), Maps.clamp(scalar(1), scalar(2)), false);
            case CLAMP_MIN ->
                new MapOp(vector(0), Maps.clamp(scalar(1), Scalars.constant(Double.POSITIVE_INFINITY)), false);
            case CLAMP_MAX ->
                new MapOp(vector(0), Maps.clamp(Scalars.constant(Double.NEGATIVE_INFINITY), scalar(1)), false);
            case ROUND ->
                new MapOp(vector(0), Maps.round(arguments.size() > 1 ? scalar(1) : Scalars.constant(1)), false);
            case HISTOGRAM_QUANTILE -> new HistogramOp(scalar(0), null, vector(1), position(0), position(1));
            case HISTOGRAM_FRACTION -> new HistogramOp(scalar(0), scalar(1), vector(2), position(0), position(2));
            case HISTOGRAM_AVG, HISTOGRAM_COUNT, HISTOGRAM_SUM, HISTOGRAM_STDDEV, HISTOGRAM_STDVAR -> nativeOnly();
            case LABEL_JOIN -> labelJoin();
            case LABEL_REPLACE -> labelReplace();
            case SORT -> new SortOp(vector(0), SortOp.byValue(false), call.position());
            case SORT_DESC -> new SortOp(vector(0), SortOp.byValue(true), call.position());
            case SORT_BY_LABEL -> new SortOp(vector(0), SortOp.byLabels(texts(1), false), call.position());
            case SORT_BY_LABEL_DESC -> new SortOp(vector(0), SortOp.byLabels(texts(1), true), call.position());
            case TIMESTAMP -> timestamp();
            case VECTOR_OF -> new ScalarVectorOp(scalar(0));
            case INFO -> info();
            default -> range();
        };
    }

    private VectorOp vector(int index) {
        return planner.vector(arguments.get(index));
    }

    private ScalarOp scalar(int index) {
        return planner.scalar(arguments.get(index));
    }

    private List<String> texts(int from) {
        return Arguments.texts(arguments.subList(from, arguments.size()));
    }

    private Position position(int index) {
        return Arguments.unwrap(arguments.get(index)).position();
    }

    private VectorOp range() {
        List<ScalarOp> scalars = new ArrayList<>();
        Expr range = arguments.get(0);
        for (Expr argument : arguments) {
            if (argument.type() == ValueType.MATRIX) {
                range = argument;
            } else {
                scalars.add(planner.scalar(argument));
            }
        }
        SampleSource source = planner.samples(range, WindowFunctions.needed(function));
        return new RangeFunctionOp(function, source, scalars, Arguments.position(range), position(0));
    }

    private VectorOp timestamp() {
        return Arguments.unwrap(arguments.get(0)) instanceof Expr.VectorSelector selector
                ? VectorPlanner.selector(selector, true)
                : new MapOp(vector(0), Maps.stepTime(), false);
    }

    private VectorOp labelReplace() {
        List<String> texts = texts(1);
        String to = texts.get(0);
        return new RelabelOp(
                vector(0),
                () -> Relabels.replace(to, texts.get(1), texts.get(2), texts.get(3)),
                to.equals(Labels.NAME));
    }

    private VectorOp labelJoin() {
        List<String> texts = texts(1);
        String to = texts.get(0);
        return new RelabelOp(
                vector(0),
                () -> Relabels.join(to, texts.get(1), texts.subList(2, texts.size())),
                to.equals(Labels.NAME));
    }

    private VectorOp info() {
        Expr.VectorSelector selector =
                arguments.size() > 1 && Arguments.unwrap(arguments.get(1)) instanceof Expr.VectorSelector written
                        ? written
                        : null;
        return new InfoOp(vector(0), InfoSelection.of(selector), InfoSelection.shift(arguments.get(0)));
    }

    private VectorOp nativeOnly() {
        return (evaluation, grid, sink) -> {
            throw QueryException.execution(function.text() + "() needs native histograms, which are not supported");
        };
    }
}
