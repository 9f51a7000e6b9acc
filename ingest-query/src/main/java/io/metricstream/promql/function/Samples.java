package io.metricstream.promql.function;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.Transferred;
import java.util.Arrays;

/**
 * Samples of one series in order of time, in arrays that are used again for the next one. One may stand for several that
 * every window has all of or none of.
 */
@OwnedBy(Role.QUERY)
public final class Samples {
    /** What one sample takes. */
    public static final int BYTES = Long.BYTES + Double.BYTES;

    private static final int FIRST_SIZE = 256;

    private long[] timesMillis = new long[FIRST_SIZE];
    private double[] values = new double[FIRST_SIZE];
    private int size;

    /** The samples that stand for several. */
    private int[] wholeAt = new int[0];

    /** How many more than themselves stand in them, and in those before. */
    private long[] moreUpTo = new long[0];

    private int wholes;

    public void clear() {
        size = 0;
        wholes = 0;
    }

    public void add(long timeMillis, double value) {
        makeRoom(1);
        timesMillis[size] = timeMillis;
        values[size++] = value;
    }

    /** Adds so many samples from this index on. */
    public void addAll(@Borrowed long[] times, @Borrowed double[] all, int from, int count) {
        makeRoom(count);
        System.arraycopy(times, from, timesMillis, size, count);
        System.arraycopy(all, from, values, size, count);
        size += count;
    }

    /** Adds so many samples of which only the times are asked for. */
    public void addTimes(@Borrowed long[] times, int count) {
        makeRoom(count);
        System.arraycopy(times, 0, timesMillis, size, count);
        size += count;
    }

    private void makeRoom(int more) {
        if (timesMillis.length - size < more) {
            int room = Math.max(size + more, size * 2);
            timesMillis = Arrays.copyOf(timesMillis, room);
            values = Arrays.copyOf(values, room);
        }
    }

    /**
     * Adds one sample that stands for so many, all later than those before.
     *
     * @param timeMillis of any of them
     */
    public void addWhole(long timeMillis, double value, int count) {
        if (wholes == wholeAt.length) {
            wholeAt = Arrays.copyOf(wholeAt, Math.max(16, wholes * 2));
            moreUpTo = Arrays.copyOf(moreUpTo, wholeAt.length);
        }
        wholeAt[wholes] = size;
        moreUpTo[wholes] = (wholes == 0 ? 0 : moreUpTo[wholes - 1]) + count - 1;
        wholes++;
        add(timeMillis, value);
    }

    /** How many of them stand for several. */
    public int wholes() {
        return wholes;
    }

    /** How many samples stand from one index to before another. */
    long count(int from, int to) {
        return to - from + (wholes == 0 ? 0 : moreBefore(to) - moreBefore(from));
    }

    private long moreBefore(int index) {
        int found = Arrays.binarySearch(wholeAt, 0, wholes, index);
        int before = found >= 0 ? found : -found - 1;
        return before == 0 ? 0 : moreUpTo[before - 1];
    }

    /** The same samples in arrays of their own, which are as long as they need be. */
    public Samples copy() {
        var copy = new Samples();
        copy.timesMillis = copyTimes();
        copy.values = copyValues();
        copy.size = size;
        copy.wholeAt = Arrays.copyOf(wholeAt, wholes);
        copy.moreUpTo = Arrays.copyOf(moreUpTo, wholes);
        copy.wholes = wholes;
        return copy;
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

    /** Whether these are its times, the first so many of them. */
    boolean hasTimes(@Borrowed long[] others, int count) {
        return size == count && Arrays.equals(timesMillis, 0, size, others, 0, count);
    }

    /** Copies the times into an array, or a longer one. */
    long[] copyTimes(@Transferred long[] to) {
        long[] copy = to.length < size ? new long[timesMillis.length] : to;
        System.arraycopy(timesMillis, 0, copy, 0, size);
        return copy;
    }

    /** The array of the values, of which the first {@link #size} count. */
    double[] values() {
        return values;
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
