package io.metricstream.promql.engine;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/** The values of one series at the steps of a grid, with a bit for each that is there. */
@OwnedBy(Role.QUERY)
final class Column {
    private final double[] values;
    private final long[] present;
    /** What the budget holds for the labels of the series. */
    private long labelBytes;

    Column(int steps) {
        this.values = new double[steps];
        this.present = new long[words(steps)];
    }

    static int words(int steps) {
        return (steps + 63) >>> 6;
    }

    long labelBytes() {
        return labelBytes;
    }

    void setLabelBytes(long bytes) {
        labelBytes = bytes;
    }

    int steps() {
        return values.length;
    }

    boolean has(int step) {
        return (present[step >>> 6] >>> step & 1) != 0;
    }

    /** The value at a step that is there. */
    double at(int step) {
        return values[step];
    }

    void set(int step, double value) {
        values[step] = value;
        present[step >>> 6] |= 1L << step;
    }

    void remove(int step) {
        present[step >>> 6] &= ~(1L << step);
    }

    void clear() {
        Arrays.fill(present, 0);
    }

    boolean isEmpty() {
        for (long word : present) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether both have a value at the same steps. */
    boolean isAligned(Column other) {
        return Arrays.equals(present, other.present);
    }

    /** The array of the values, in which those that are not there mean nothing. */
    double[] values() {
        return values;
    }

    /** The array of the bits, the lowest of the first number for the first step. */
    long[] present() {
        return present;
    }

    int count() {
        int count = 0;
        for (long word : present) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** The first step at or behind this one that is there; {@link #steps} where none is. */
    int next(int from) {
        int word = from >>> 6;
        if (word >= present.length) {
            return values.length;
        }
        long bits = present[word] & -1L << from;
        while (bits == 0) {
            if (++word == present.length) {
                return values.length;
            }
            bits = present[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    void copyFrom(Column other) {
        System.arraycopy(other.values, 0, values, 0, values.length);
        System.arraycopy(other.present, 0, present, 0, present.length);
    }

    /** Takes the steps of another one; false where both have one. */
    boolean tryMerge(Column other) {
        for (int i = 0; i < present.length; i++) {
            if ((present[i] & other.present[i]) != 0) {
                return false;
            }
        }
        for (int step = other.next(0); step < values.length; step = other.next(step + 1)) {
            set(step, other.values[step]);
        }
        return true;
    }

    /** Sets the bits of the steps that are there. */
    void markIn(Steps steps) {
        steps.or(present);
    }

    /** Keeps the steps that are in the set, or those that are not. */
    void keep(Steps steps, boolean inside) {
        steps.mask(present, inside);
    }
}
