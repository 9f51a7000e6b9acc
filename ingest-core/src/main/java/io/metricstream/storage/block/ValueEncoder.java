package io.metricstream.storage.block;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * Finds how a column of doubles is stored: as decimals where most of it is decimal, as bits otherwise; values that fit
 * neither are exceptions, kept bit by bit beside the column.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class ValueEncoder {
    private static final int SAMPLED = 8;
    /** Up to so many places, decimals without exceptions are smaller than bits without a look. */
    private static final int SURELY_DECIMAL = 7;
    /** One exception in so many values is taken for noise rather than for another number of places. */
    private static final int RARE = 32;
    /** With more exceptions than one in so many, a column is no column of this kind. */
    private static final int MOST = 8;

    private ColumnEncoder column = new ColumnEncoder();
    private ColumnEncoder other = new ColumnEncoder();
    private long[] integers = new long[0];
    private int[] exceptionAt = new int[0];
    private int exceptions;
    private int exponent;
    /** The most places that any exception has; -1 where none has any. */
    private int exceptionPlaces;

    void encode(double[] values, int count) {
        if (integers.length < count) {
            integers = new long[count];
            exceptionAt = new int[count];
        }
        int places = usualPlaces(values, count);
        if (places < 0 || !toDecimals(values, count, places)) {
            toBits(values, count);
            column.encode(integers, count, ColumnEncoder.Divisors.POWERS_OF_TWO);
            return;
        }
        column.encode(integers, count, ColumnEncoder.Divisors.ANY);
        if (exceptions > 0 || exponent > SURELY_DECIMAL) {
            int decimalExponent = exponent;
            long decimalBits = column.bits() + exceptionBits();
            toBits(values, count);
            other.encode(integers, count, ColumnEncoder.Divisors.POWERS_OF_TWO);
            if (other.bits() + exceptionBits() < decimalBits) {
                ColumnEncoder swapped = column;
                column = other;
                other = swapped;
            } else {
                toDecimals(values, count, decimalExponent);
            }
        }
    }

    /** The places of nearly all of some values spread over the column; -1 where half of them have none. */
    private int usualPlaces(double[] values, int count) {
        int n = Math.min(SAMPLED, count);
        int without = 0;
        int most = 0;
        int second = 0;
        for (int j = 0; j < n; j++) {
            int places = Decimals.places(values[(int) ((long) j * (count - 1) / Math.max(1, n - 1))]);
            if (places < 0) {
                without++;
                if (without > n / 2) {
                    return -1;
                }
            } else if (places > most) {
                second = most;
                most = places;
            } else if (places > second) {
                second = places;
            }
        }
        return n < SAMPLED ? most : second;
    }

    /** Fills the integers as decimals, with more places where these turn out too few; false where they are none. */
    private boolean toDecimals(double[] values, int count, int places) {
        exponent = places;
        while (true) {
            scale(values, count);
            if (exceptions > count / RARE && exceptionPlaces > exponent) {
                exponent = exceptionPlaces;
            } else {
                return exceptions <= count / MOST;
            }
        }
    }

    private void scale(double[] values, int count) {
        double power = Decimals.power(exponent);
        exceptions = 0;
        exceptionPlaces = -1;
        for (int i = 0; i < count; i++) {
            double value = values[i];
            long mantissa = Decimals.mantissa(value, power);
            if (Decimals.isExact(value, power, mantissa)) {
                integers[i] = mantissa;
            } else {
                exceptionPlaces = Math.max(exceptionPlaces, Decimals.places(value));
                except(i);
                if (exceptions > count / MOST && exceptionPlaces <= exponent) {
                    return;
                }
            }
        }
        fillStart(count);
    }

    private void toBits(double[] values, int count) {
        exponent = Decimals.BITS;
        exceptions = 0;
        for (int i = 0; i < count; i++) {
            double value = values[i];
            long ordered = Decimals.ordered(value);
            integers[i] = ordered;
            if (ordered == Long.MIN_VALUE || !Double.isFinite(value)) {
                except(i);
            }
        }
        if (exceptions > count / MOST) {
            for (int e = 0; e < exceptions; e++) {
                integers[exceptionAt[e]] = Decimals.ordered(values[exceptionAt[e]]);
            }
            exceptions = 0;
        }
        fillStart(count);
    }

    /** Gives the place the number before it, which costs nothing. */
    private void except(int i) {
        integers[i] = i == 0 ? 0 : integers[i - 1];
        exceptionAt[exceptions++] = i;
    }

    /** Exceptions at the start take the first number that is none. */
    private void fillStart(int count) {
        int start = 0;
        while (start < exceptions && exceptionAt[start] == start) {
            start++;
        }
        if (start > 0 && start < count) {
            Arrays.fill(integers, 0, start, integers[start]);
        }
    }

    private long exceptionBits() {
        return (long) exceptions * (Long.SIZE + Byte.SIZE);
    }

    ColumnEncoder column() {
        return column;
    }

    int exponent() {
        return exponent;
    }

    int exceptions() {
        return exceptions;
    }

    long[] integers() {
        return integers;
    }

    void putExceptions(double[] values, PackedOutput out) {
        int before = -1;
        for (int e = 0; e < exceptions; e++) {
            out.varint(exceptionAt[e] - before - 1);
            out.fixedLong(Double.doubleToRawLongBits(values[exceptionAt[e]]));
            before = exceptionAt[e];
        }
    }
}
