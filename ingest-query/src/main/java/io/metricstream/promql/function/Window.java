package io.metricstream.promql.function;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Some neighbouring samples of one series, and the time that they stand for: later than the start, up to the end.
 *
 * <p>Order: of one series, neither edge ever goes back.
 */
@OwnedBy(Role.QUERY)
public final class Window {
    private final Samples samples;
    private int from;
    private int to;
    private long startMillis;
    private long endMillis;
    private long nowMillis;
    private double[] arguments = new double[0];
    private double result;

    public Window(Samples samples) {
        this.samples = samples;
    }

    /** Goes back to the first sample, for another series. */
    public void begin() {
        from = 0;
        to = 0;
    }

    /**
     * Moves on.
     *
     * @param start earlier than every sample of the window
     * @param now the time of the step, which differs from the end by offsets
     * @param scalars the function's other arguments at that step
     */
    public void moveTo(long start, long end, long now, @Borrowed double[] scalars) {
        startMillis = start;
        endMillis = end;
        nowMillis = now;
        arguments = scalars;
        int size = samples.size();
        while (to < size && samples.timeMillis(to) <= end) {
            to++;
        }
        while (from < to && samples.timeMillis(from) <= start) {
            from++;
        }
    }

    /** Index of the first sample. */
    int from() {
        return from;
    }

    /** Index behind the last sample. */
    int to() {
        return to;
    }

    public int size() {
        return to - from;
    }

    /** How many samples its own stand for. */
    double count() {
        return (double) samples.count(from, to);
    }

    double first() {
        return samples.value(from);
    }

    double last() {
        return samples.value(to - 1);
    }

    double value(int index) {
        return samples.value(index);
    }

    long timeMillis(int index) {
        return samples.timeMillis(index);
    }

    long startMillis() {
        return startMillis;
    }

    long endMillis() {
        return endMillis;
    }

    long nowMillis() {
        return nowMillis;
    }

    double argument(int index) {
        return arguments[index];
    }

    /** True, for the function to return. */
    boolean give(double value) {
        result = value;
        return true;
    }

    /** What the function gave. */
    public double result() {
        return result;
    }
}
