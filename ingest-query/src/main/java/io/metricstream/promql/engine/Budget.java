package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
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

    /** What a series takes beside its values and labels: objects, and its place in a list or a map. */
    static final int SERIES_BYTES = 192;

    /** What a set of steps takes beside its bits. */
    private static final int STEPS_BYTES = 48;

    /** What labels take beside their texts, and each of them. */
    private static final int LABELS_BYTES = 48;

    private static final int LABEL_BYTES = 96;

    private final QueryLimits limits;
    private final QueryMemory.Share share;
    private final Cancellation cancellation;
    private final NanoClock clock;
    private final long deadlineNanos;
    private final Map<Integer, Deque<Column>> free = new HashMap<>();
    /** Those of so many steps, which are taken and given most of the time. */
    private Deque<Column> freeOfSteps = new ArrayDeque<>();

    private int freeSteps = -1;
    /** What the free columns take. */
    private long freeBytes;

    private long samples;
    private long bytes;
    private long peakBytes;
    /** What may be held, and be free, without asking. */
    private long grantedBytes;

    private int valuesUntilLook = VALUES_A_LOOK;

    Budget(QueryLimits limits, QueryMemory.Share share, long timeoutNanos, Cancellation cancellation, NanoClock clock) {
        this.limits = limits;
        this.share = share;
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
        return take(steps, 0);
    }

    /** An empty column for the series with these labels, which are held with it. */
    Column take(int steps, Labels labels) throws QueryException {
        return take(steps, labelBytes(labels));
    }

    private Column take(int steps, long labelBytes) throws QueryException {
        long bytesOfSteps = columnBytes(steps);
        Column column = free(steps).pollFirst();
        if (column != null) {
            freeBytes -= bytesOfSteps;
            column.clear();
        }
        hold(bytesOfSteps + labelBytes);
        Column taken = column == null ? new Column(steps) : column;
        taken.setLabelBytes(labelBytes);
        return taken;
    }

    /** A column is that of the series with these labels from now on. */
    void label(Column column, Labels labels) throws QueryException {
        release(column.labelBytes());
        column.setLabelBytes(labelBytes(labels));
        hold(column.labelBytes());
    }

    /** A column that nobody needs any more, nor its labels. */
    void give(Column column) {
        long bytesOfSteps = columnBytes(column.steps());
        release(bytesOfSteps + column.labelBytes());
        freeBytes += bytesOfSteps;
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

    /** A set of no steps. */
    Steps takeSteps(int steps) throws QueryException {
        hold(stepsBytes(steps));
        return new Steps(steps);
    }

    /** A set of so many steps that nobody needs any more. */
    void giveSteps(int steps) {
        release(stepsBytes(steps));
    }

    /** What a set of so many steps takes. */
    static long stepsBytes(int steps) {
        return STEPS_BYTES + Column.words(steps) * 8L;
    }

    /** So much memory is held. */
    void hold(long more) throws QueryException {
        bytes += more;
        peakBytes = Math.max(peakBytes, bytes);
        if (bytes + freeBytes > grantedBytes) {
            grow();
        }
    }

    private void grow() throws QueryException {
        if (bytes > limits.memoryBytes()) {
            throw QueryException.execution(
                    "query needs too much memory: wanted at most " + limits.memoryBytes() + " bytes at a time");
        }
        if (bytes + freeBytes > limits.memoryBytes()) {
            free.clear();
            freeSteps = -1;
            freeBytes = 0;
        }
        grantedBytes = Math.min(limits.memoryBytes(), share.growTo(bytes + freeBytes));
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

    /** What labels take that nobody else has. */
    static long labelBytes(Labels labels) {
        long bytes = LABELS_BYTES;
        for (int i = 0; i < labels.size(); i++) {
            bytes += LABEL_BYTES + labels.name(i).length() + labels.value(i).length();
        }
        return bytes;
    }

    private static long columnBytes(int steps) {
        return SERIES_BYTES + steps * 8L + Column.words(steps) * 8L;
    }
}
