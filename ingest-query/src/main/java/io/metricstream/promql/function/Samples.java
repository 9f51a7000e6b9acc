package io.metricstream.promql.function;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/** Samples of one series in order of time, in arrays that are used again for the next one. */
@OwnedBy(Role.QUERY)
public final class Samples {
    /** What one sample takes. */
    public static final int BYTES = Long.BYTES + Double.BYTES;

    private static final int FIRST_SIZE = 256;

    private long[] timesMillis = new long[FIRST_SIZE];
    private double[] values = new double[FIRST_SIZE];
    private int size;

    public void clear() {
        size = 0;
    }

    public void add(long timeMillis, double value) {
        if (size == timesMillis.length) {
            timesMillis = Arrays.copyOf(timesMillis, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        timesMillis[size] = timeMillis;
        values[size++] = value;
    }

    /** Adds so many samples from this index on. */
    public void addAll(@Borrowed long[] times, @Borrowed double[] all, int from, int count) {
        if (timesMillis.length - size < count) {
            int room = Math.max(size + count, size * 2);
            timesMillis = Arrays.copyOf(timesMillis, room);
            values = Arrays.copyOf(values, room);
        }
        System.arraycopy(times, from, timesMillis, size, count);
        System.arraycopy(all, from, values, size, count);
        size += count;
    }

    /** Takes over as many samples as there are in arrays of that length. */
    public void setAll(@Borrowed long[] times, @Borrowed double[] all) {
        if (times.length > timesMillis.length) {
            timesMillis = new long[times.length];
            values = new double[times.length];
        }
        System.arraycopy(times, 0, timesMillis, 0, times.length);
        System.arraycopy(all, 0, values, 0, times.length);
        size = times.length;
    }

    public int size() {
        return size;
    }

    public long timeMillis(int index) {
        return timesMillis[index];
    }

    public double value(int index) {
        return values[index];
    }

    /** A copy of the times. */
    public long[] copyTimes() {
        return Arrays.copyOf(timesMillis, size);
    }

    /** A copy of the values. */
    public double[] copyValues() {
        return Arrays.copyOf(values, size);
    }
}
