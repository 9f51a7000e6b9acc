package io.metricstream.promql.engine;

import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Cancellation;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a query has used of what it may: samples, memory, time. Columns are taken and given back here, so that those of a query
 * are used again and counted.
 */
@OwnedBy(Role.QUERY)
final class Budget {
    /** About how often is looked whether to go on: every so many values, which take a millisecond or so. */
    static final int VALUES_A_LOOK = 1 << 14;

    /** A series is as much work as so many values, whatever is done with it. */
    static final int SERIES_WORK = 32;

    /** What a series takes beside its values: its labels, mostly. */
    private static final int COLUMN_BYTES = 256;

    private final QueryLimits limits;
    private final Cancellation cancellation;
    private final NanoClock clock;
    private final long deadlineNanos;
    private final Map<Integer, Deque<Column>> free = new HashMap<>();
    /** Those of so many steps, which are taken and given most of the time. */
    private Deque<Column> freeOfSteps = new ArrayDeque<>();

    private int freeSteps = -1;
    private long samples;
    private long bytes;
    private long peakBytes;
    private int valuesUntilLook = VALUES_A_LOOK;

    Budget(QueryLimits limits, long timeoutNanos, Cancellation cancellation, NanoClock clock) {
        this.limits = limits;
        this.cancellation = cancellation;
        this.clock = clock;
        this.deadlineNanos = clock.nanos() + timeoutNanos;
    }

    /** So many values were computed. */
    void onWork(int values) throws QueryException {
        valuesUntilLook -= values + 1;
        if (valuesUntilLook < 0) {
            valuesUntilLook = VALUES_A_LOOK;
            look();
        }
    }

    /** Something was done with a series, at so many steps. */
    void onSeries(int steps) throws QueryException {
        onWork(steps + SERIES_WORK);
    }

    /** So many samples were read. */
    void onSamples(int count) throws QueryException {
        samples += count;
        if (samples > limits.samples()) {
            throw QueryException.execution(
                    "query processing would load too many samples into memory in query execution: wanted at most "
                            + limits.samples());
        }
        onWork(count);
    }

    /** Fails where nobody waits for the query any more, or it has taken too long. */
    void look() throws QueryException {
        if (cancellation.isCancelled()) {
            throw QueryException.canceled();
        }
        if (clock.nanos() - deadlineNanos > 0) {
            throw new QueryException(QueryException.Kind.TIMEOUT, "query timed out in expression evaluation");
        }
    }

    /** An empty column. */
    Column take(int steps) throws QueryException {
        hold(columnBytes(steps));
        Column column = free(steps).pollFirst();
        if (column == null) {
            return new Column(steps);
        }
        column.clear();
        return column;
    }

    /** A column that nobody needs any more. */
    void give(Column column) {
        release(columnBytes(column.steps()));
        free(column.steps()).addFirst(column);
    }

    private Deque<Column> free(int steps) {
        if (steps != freeSteps) {
            freeOfSteps = free.computeIfAbsent(steps, any -> new ArrayDeque<>());
            freeSteps = steps;
        }
        return freeOfSteps;
    }

    /** Numbers for the steps of a grid, all 0. */
    double[] takeNumbers(int steps) throws QueryException {
        onWork(steps);
        hold(steps * 8L);
        return new double[steps];
    }

    /** Numbers that nobody needs any more. */
    void giveNumbers(double[] numbers) {
        release(numbers.length * 8L);
    }

    /** So much memory is held. */
    void hold(long more) throws QueryException {
        bytes += more;
        peakBytes = Math.max(peakBytes, bytes);
        if (bytes > limits.memoryBytes()) {
            throw QueryException.execution(
                    "query needs too much memory: wanted at most " + limits.memoryBytes() + " bytes at a time");
        }
    }

    void release(long less) {
        bytes -= less;
    }

    /** Puts a list in order, which ends early as everything else does. */
    <T> void sort(List<T> list, Comparator<? super T> order) throws QueryException {
        try {
            list.sort((a, b) -> {
                try {
                    onWork(SERIES_WORK);
                } catch (QueryException ended) {
                    throw new SortingEnded(ended);
                }
                return order.compare(a, b);
            });
        } catch (SortingEnded e) {
            throw e.ended;
        }
    }

    /** Takes an exception through a sort, which throws none. */
    private static final class SortingEnded extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final QueryException ended;

        SortingEnded(QueryException ended) {
            super(ended);
            this.ended = ended;
        }
    }

    Cancellation cancellation() {
        return cancellation;
    }

    long samples() {
        return samples;
    }

    /** The most memory that was held at a time. */
    long peakBytes() {
        return peakBytes;
    }

    private static long columnBytes(int steps) {
        return COLUMN_BYTES + steps * 8L + Column.words(steps) * 8L;
    }
}
