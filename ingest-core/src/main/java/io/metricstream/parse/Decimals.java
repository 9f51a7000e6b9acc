package io.metricstream.parse;

import java.math.BigInteger;

/**
 * From a decimal significand and a power of ten to the nearest double, ties to even, for the numbers metrics have.
 *
 * <p>Small significands take one exact division or multiplication (Clinger). The rest go the way of Eisel and Lemire
 * (Number Parsing at a Gigabyte per Second, 2021): the significand is multiplied with a 128-bit reciprocal or power of
 * five, and the upper 54 bits of the product are the answer unless the bits behind them do not decide.
 *
 * <p>Thread: any; stateless.
 */
final class Decimals {
    private static final double[] EXACT_POWERS = new double[23];
    private static final long MOST_EXACT = 1L << 53;

    /** Doubles in this range of exponents are neither infinite nor subnormal, whatever the significand. */
    private static final int LEAST_EXPONENT = -64;

    private static final int MOST_EXPONENT = 64;

    /** Upper and lower half of five to the power of q, its first bit on top, cut (q >= 0) or rounded up (q < 0). */
    private static final long[] FIVES = new long[2 * (MOST_EXPONENT - LEAST_EXPONENT + 1)];

    private static final int MANTISSA_BITS = 52;
    private static final int EXPONENT_BIAS = 1023;
    /** The product's bits that lie below the mantissa, its rounding bit and one in reserve. */
    private static final int SPARE_BITS = 64 - MANTISSA_BITS - 3;

    private static final long SPARE_MASK = (1L << SPARE_BITS) - 1;

    static {
        EXACT_POWERS[0] = 1;
        for (int i = 1; i < EXACT_POWERS.length; i++) {
            EXACT_POWERS[i] = EXACT_POWERS[i - 1] * 10;
        }
        for (int q = LEAST_EXPONENT; q <= MOST_EXPONENT; q++) {
            BigInteger bits = fiveAsBits(q);
            FIVES[2 * (q - LEAST_EXPONENT)] = bits.shiftRight(64).longValue();
            FIVES[2 * (q - LEAST_EXPONENT) + 1] = bits.longValue();
        }
    }

    private Decimals() {}

    private static BigInteger fiveAsBits(int q) {
        BigInteger five = BigInteger.valueOf(5).pow(Math.abs(q));
        if (q >= 0) {
            int shift = 128 - five.bitLength();
            return shift >= 0 ? five.shiftLeft(shift) : five.shiftRight(-shift);
        }
        int shift = 127 + five.bitLength();
        return BigInteger.ONE.shiftLeft(shift).divide(five).add(BigInteger.ONE);
    }

    /**
     * The double nearest to {@code significand} times ten to the power of {@code exponent}.
     *
     * @param significand at least 0
     * @return NaN where this class cannot tell
     */
    static double nearest(long significand, int exponent) {
        if (significand <= MOST_EXACT) {
            if (exponent == 0 || significand == 0) {
                return significand;
            }
            if (exponent < 0 && exponent >= -22) {
                return significand / EXACT_POWERS[-exponent];
            }
            if (exponent > 0 && exponent <= 22) {
                return significand * EXACT_POWERS[exponent];
            }
        }
        return exponent < LEAST_EXPONENT || exponent > MOST_EXPONENT ? Double.NaN : wide(significand, exponent);
    }

    private static double wide(long significand, int exponent) {
        int at = 2 * (exponent - LEAST_EXPONENT);
        int zeros = Long.numberOfLeadingZeros(significand);
        long w = significand << zeros;
        long high = multiplyHighUnsigned(w, FIVES[at]);
        long low = w * FIVES[at];
        if ((high & SPARE_MASK) == SPARE_MASK) {
            long carry = multiplyHighUnsigned(w, FIVES[at + 1]);
            low += carry;
            if (Long.compareUnsigned(low, carry) < 0) {
                high++;
            }
            if (low == -1L) {
                return Double.NaN;
            }
        }
        int top = (int) (high >>> 63);
        long mantissa = high >>> (top + SPARE_BITS);
        // 217706 / 2^16 approximates log2(10) from below, closely enough for every exponent of the table.
        long power = ((217706L * exponent) >> 16) + 63 + top - zeros + EXPONENT_BIAS;
        boolean halfway = Long.compareUnsigned(low, 1) <= 0 && (mantissa & 3) == 1 && exponent >= -4 && exponent <= 23;
        if (halfway && mantissa << (top + SPARE_BITS) == high) {
            mantissa--;
        }
        mantissa = (mantissa + (mantissa & 1)) >>> 1;
        if (mantissa >= 2L << MANTISSA_BITS) {
            mantissa = 1L << MANTISSA_BITS;
            power++;
        }
        return Double.longBitsToDouble((mantissa & ~(1L << MANTISSA_BITS)) | (power << MANTISSA_BITS));
    }

    private static long multiplyHighUnsigned(long a, long b) {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }
}
