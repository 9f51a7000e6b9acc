package io.metricstream.storage.block;

/**
 * Doubles as integers, in one of two ways, each exact to the bit: as a decimal, {@code m / 10^exponent}, or as the bits
 * themselves, put in an order in which near doubles are near integers. Stateless.
 */
final class Decimals {
    /** Stands for the bits themselves in place of an exponent. */
    static final int BITS = 255;
    /** More decimal places than doubles of a usual size have. */
    static final int MAX_EXPONENT = 17;
    /** Up to here a double holds every whole number. */
    static final long WHOLE_LIMIT = 1L << 53;

    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17
    };

    private static final double MAGIC = 0x1.8p52;
    private static final long MAGIC_BITS = 0x4338000000000000L;
    private static final long MAGIC_LIMIT = 1L << 51;

    private Decimals() {}

    /** The nearest integer to value times 10^exponent; only {@link #isExact} tells whether it stands for the value. */
    static long mantissa(double value, double power) {
        return (long) Math.rint(value * power);
    }

    static boolean isExact(double value, double power, long mantissa) {
        return Double.doubleToRawLongBits(mantissa / power) == Double.doubleToRawLongBits(value);
    }

    static double power(int exponent) {
        return POWERS[exponent];
    }

    /** The fewest decimal places with which a value is exact, or -1. */
    static int places(double value) {
        for (int exponent = 0; exponent <= MAX_EXPONENT; exponent++) {
            double power = POWERS[exponent];
            long mantissa = mantissa(value, power);
            if (Math.abs(mantissa) > WHOLE_LIMIT) {
                return exponent == 0 && isExact(value, power, mantissa) ? 0 : -1;
            }
            if (isExact(value, power, mantissa)) {
                return exponent;
            }
        }
        return -1;
    }

    /** Ascending with the value; -0.0, which no other bits stand for then, is {@link Long#MIN_VALUE}. */
    static long ordered(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return bits > Long.MIN_VALUE && bits < 0 ? Long.MIN_VALUE - bits : bits;
    }

    static double ofOrdered(long ordered) {
        long sign = ordered >> 63;
        return Double.longBitsToDouble((ordered ^ sign) - sign | (ordered & Long.MIN_VALUE));
    }

    static double ofMantissa(long mantissa, int exponent) {
        return mantissa / POWERS[exponent];
    }

    /** Turns integers into the doubles they stand for. */
    static void toValues(long[] integers, int count, int exponent, double[] out) {
        if (exponent == BITS) {
            for (int i = 0; i < count; i++) {
                out[i] = ofOrdered(integers[i]);
            }
        } else {
            long any = 0;
            for (int i = 0; i < count; i++) {
                any |= integers[i] ^ integers[i] >> 63;
            }
            if (any < MAGIC_LIMIT) {
                divideSmall(integers, count, POWERS[exponent], out);
            } else {
                for (int i = 0; i < count; i++) {
                    out[i] = integers[i] / POWERS[exponent];
                }
            }
        }
    }

    /**
     * Integers below 2^51 become doubles by an addition to the bits of one and a half times 2^52, and its subtraction. Unlike
     * the conversion that the processor has, the compiler turns this into vector instructions: 1.0 ns a value instead of
     * 3.4.
     */
    private static void divideSmall(long[] integers, int count, double power, double[] out) {
        if (power == 1) {
            for (int i = 0; i < count; i++) {
                out[i] = Double.longBitsToDouble(integers[i] + MAGIC_BITS) - MAGIC;
            }
        } else {
            for (int i = 0; i < count; i++) {
                out[i] = (Double.longBitsToDouble(integers[i] + MAGIC_BITS) - MAGIC) / power;
            }
        }
    }
}
