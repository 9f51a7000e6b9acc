package io.metricstream.promql.function;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.Transferred;

/**
 * Some neighbouring samples of one series, and the time that they stand for: later than the start, up to the end. It moves
 * from step to step of a query; where its edges lie among the samples is found once for all series of the same times.
 *
 * <p>Order: {@link #begin} for each series, then {@link #moveTo} steps in ascending order.
 */
@OwnedBy(Role.QUERY)
public final class Window {
    private final long[] endsMillis;
    private final long[] nowsMillis;
    private final long lengthMillis;
    private final double[] arguments;

    /** Of each step. */
    private final int[] fromAt;

    private final int[] toAt;
    /** The times among which they lie; none yet where there are fewer than 0. */
    private long[] placedTimes = new long[0];

    private int placed = -1;
    /** How many samples the windows of all steps have together. */
    private long samplesOfAll;

    private Samples samples = new Samples();
    private int step;
    private int from;
    private int to;
    private double result;

    /**
     * Windows that end at these times, in ascending order.
     *
     * @param nows the time of each step, which differs from the end by offsets
     * @param scalars where the caller puts a function's other arguments at a step before it is asked for
     */
    public Window(@Transferred long[] ends, @Transferred long[] nows, long lengthMillis, @Borrowed double[] scalars) {
        this.endsMillis = ends;
        this.nowsMillis = nows;
        this.lengthMillis = lengthMillis;
        this.arguments = scalars;
        this.fromAt = new int[ends.length];
        this.toAt = new int[ends.length];
    }

    /** Begins with another series; true where its times are those of the one before. */
    public boolean begin(Samples of) {
        samples = of;
        if (of.hasTimes(placedTimes, placed)) {
            return true;
        }
        placed = of.size();
        placedTimes = of.copyTimes(placedTimes);
        samplesOfAll = 0;
        int first = 0;
        int end = 0;
        for (int i = 0; i < endsMillis.length; i++) {
            while (end < placed && placedTimes[end] <= endsMillis[i]) {
                end++;
            }
            while (first < end && placedTimes[first] <= endsMillis[i] - lengthMillis) {
                first++;
            }
            fromAt[i] = first;
            toAt[i] = end;
            samplesOfAll += end - first;
        }
        return false;
    }

    /** Moves to a step. */
    public void moveTo(int index) {
        step = index;
        from = fromAt[index];
        to = toAt[index];
    }

    int step() {
        return step;
    }

    int steps() {
        return endsMillis.length;
    }

    /** How many samples the windows of all steps have, each counted as often as it is in one. */
    long samplesOfAll() {
        return samplesOfAll;
    }

    /** The series that was begun with. */
    Samples samples() {
        return samples;
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

    /** The value of the last sample. */
    public double last() {
        return samples.value(to - 1);
    }

    /** The time of the last sample. */
    public long lastMillis() {
        return samples.timeMillis(to - 1);
    }

    double value(int index) {
        return samples.value(index);
    }

    long timeMillis(int index) {
        return samples.timeMillis(index);
    }

    long startMillis() {
        return endsMillis[step] - lengthMillis;
    }

    long endMillis() {
        return endsMillis[step];
    }

    long nowMillis() {
        return nowsMillis[step];
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
