package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.model.NanoClock;
import io.metricstream.promql.function.Needed;
import io.metricstream.promql.function.Samples;
import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.ParseException;
import io.metricstream.promql.parse.PromParser;
import io.metricstream.promql.parse.ValueType;
import io.metricstream.select.Cancellation;
import io.metricstream.select.CancelledException;
import io.metricstream.select.Selectable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Answers queries.
 *
 * <p>Thread: any; a query runs on the thread that asks, and what is much to read is read ahead by others. Limits: {@link QueryLimits}. Fails: {@link QueryException}, with nothing
 * left behind.
 */
public final class QueryEngine {
    /** What a series of a result takes beside labels and points. */
    private static final int RESULT_BYTES = 64;

    private final QueryLimits limits;
    private final NanoClock clock;
    private final QueryMemory memory;
    private final ReadAhead readAhead;

    /** One whose queries have limits each, and none together. */
    public QueryEngine(QueryLimits limits, NanoClock clock) {
        this(limits, new QueryMemory(Long.MAX_VALUE), clock);
    }

    /** @param memory what all queries may hold together */
    public QueryEngine(QueryLimits limits, QueryMemory memory, NanoClock clock) {
        this(limits, memory, clock, new ReadAhead(Runtime.getRuntime().availableProcessors() - 1));
    }

    QueryEngine(QueryLimits limits, QueryMemory memory, NanoClock clock, ReadAhead readAhead) {
        this.limits = limits;
        this.memory = memory;
        this.clock = clock;
        this.readAhead = readAhead;
    }

    /** What one query may take. */
    public QueryLimits limits() {
        return limits;
    }

    /** A share of the memory for a query and its result. */
    public QueryMemory.Share share() {
        return memory.share();
    }

    /** Evaluates a query whose result is small, or is not kept. */
    public QueryResult run(QueryRequest request, Selectable stored, Cancellation cancellation) throws QueryException {
        try (QueryMemory.Share share = share()) {
            return run(request, stored, cancellation, share);
        }
    }

    /** Evaluates a query over what is stored, until it is done or cancelled; the share is held until its result is not needed any more. */
    public QueryResult run(QueryRequest request, Selectable stored, Cancellation cancellation, QueryMemory.Share share)
            throws QueryException {
        long start = clock.nanos();
        Expr expr;
        try {
            expr = PromParser.parse(request.query());
        } catch (ParseException e) {
            throw new QueryException(QueryException.Kind.BAD_DATA, e);
        }
        Grid grid = grid(request, expr);
        Duration asked = request.timeout();
        Duration timeout = asked == null || asked.compareTo(limits.timeout()) > 0 ? limits.timeout() : asked;
        Duration lookback = request.lookback();
        var evaluation = new Evaluation(
                stored,
                readAhead,
                new Budget(limits, share, timeout.toNanos(), cancellation, clock),
                grid,
                (lookback == null ? limits.lookback() : lookback).toMillis());
        evaluation.budget().look();
        long prepared = clock.nanos();
        List<ResultSeries> series = series(expr, evaluation, grid);
        long evaluated = clock.nanos();
        if (request.isRange() || expr.type() == ValueType.MATRIX) {
            evaluation.budget().sort(series, Comparator.comparing(ResultSeries::labels));
        }
        long sorted = clock.nanos();
        boolean text = expr.type() == ValueType.STRING;
        return new QueryResult(
                request.isRange() ? ValueType.MATRIX : expr.type(),
                request.startMillis(),
                series,
                text ? Arguments.text(expr) : "",
                evaluation.annotations().warnings(request.query()),
                evaluation.annotations().infos(request.query()),
                new QueryStats(
                        evaluation.budget().samples(),
                        evaluation.budget().peakBytes(),
                        prepared - start,
                        evaluated - prepared,
                        sorted - evaluated));
    }

    private static Grid grid(QueryRequest request, Expr expr) throws QueryException {
        if (!request.isRange()) {
            return Grid.instant(request.startMillis());
        }
        if (expr.type() != ValueType.SCALAR && expr.type() != ValueType.VECTOR) {
            throw new QueryException(
                    QueryException.Kind.BAD_DATA,
                    "invalid expression type \"" + expr.type().text()
                            + "\" for range query, must be Scalar or instant Vector");
        }
        if ((request.endMillis() - request.startMillis()) / request.stepMillis() > QueryLimits.MOST_STEPS) {
            throw new QueryException(
                    QueryException.Kind.BAD_DATA,
                    "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution"
                            + " (?step=XX)");
        }
        return new Grid(request.startMillis(), request.endMillis(), request.stepMillis());
    }

    private static List<ResultSeries> series(Expr expr, Evaluation evaluation, Grid grid) throws QueryException {
        var planner = Planner.create();
        try {
            return switch (expr.type()) {
                case STRING -> new ArrayList<>();
                case SCALAR -> scalar(planner.scalar(expr).run(evaluation, grid), grid);
                case VECTOR -> vector(planner.vector(expr), evaluation, grid);
                case MATRIX -> matrix(planner.samples(expr, Needed.VALUES), evaluation, grid);
            };
        } catch (CancelledException whileReading) {
            throw QueryException.canceled();
        }
    }

    private static List<ResultSeries> scalar(double[] values, Grid grid) {
        var times = new long[values.length];
        for (int step = 0; step < times.length; step++) {
            times[step] = grid.timeMillis(step);
        }
        return new ArrayList<>(List.of(new ResultSeries(Labels.EMPTY, times, values)));
    }

    /** Now names go that were to be dropped, which may make one series of several. */
    private static List<ResultSeries> vector(VectorOp op, Evaluation evaluation, Grid grid) throws QueryException {
        var results = new ArrayList<ResultSeries>();
        var allTimes = new long[grid.steps()];
        for (int step = 0; step < allTimes.length; step++) {
            allTimes[step] = grid.timeMillis(step);
        }
        var merge = new SeriesMerge(evaluation.budget(), (labels, nameDropped, column) -> {
            evaluation.budget().onSeries(column.steps());
            hold(labels, column.count(), evaluation.budget());
            results.add(result(labels, column, allTimes));
            evaluation.budget().give(column);
        });
        op.run(
                evaluation,
                grid,
                (labels, nameDropped, column) ->
                        merge.accept(nameDropped ? LabelSets.undescribed(labels) : labels, false, column));
        merge.flush();
        return results;
    }

    /** Until the query is answered. */
    private static void hold(Labels labels, int points, Budget budget) throws QueryException {
        budget.hold(RESULT_BYTES + Budget.labelBytes(labels) + (long) points * Samples.BYTES);
    }

    private static ResultSeries result(Labels labels, Column column, long[] allTimes) {
        int count = column.count();
        long[] times = count == allTimes.length ? allTimes : new long[count];
        var values = new double[count];
        int at = 0;
        for (int step = column.next(0); step < column.steps(); step = column.next(step + 1)) {
            times[at] = allTimes[step];
            values[at++] = column.at(step);
        }
        return new ResultSeries(labels, times, values);
    }

    private static List<ResultSeries> matrix(SampleSource source, Evaluation evaluation, Grid grid)
            throws QueryException {
        var results = new ArrayList<ResultSeries>();
        Reach reach = source.reach(evaluation);
        long earliest = reach.earliestMillis(grid);
        source.run(evaluation, grid, (labels, nameDropped, samples) -> {
            evaluation.budget().onSeries(samples.size());
            hold(labels, samples.size(), evaluation.budget());
            Labels named = nameDropped ? LabelSets.undescribed(labels) : labels;
            results.add(within(named, samples, earliest));
        });
        return results;
    }

    private static ResultSeries within(Labels labels, Samples samples, long earliest) {
        if (samples.size() > 0 && samples.timeMillis(0) <= earliest) {
            throw new IllegalStateException(
                    "a sample from before its range: time=" + samples.timeMillis(0) + ", range after " + earliest);
        }
        return new ResultSeries(labels, samples.copyTimes(), samples.copyValues());
    }
}
