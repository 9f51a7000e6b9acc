package io.metricstream.export;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import tools.jackson.core.io.NumberOutput;

/**
 * A double as the shortest decimal that reads back to the same double, in the form of JavaScript and RFC 8785: {@code 75.5},
 * {@code 100000000000}, {@code 1e+21}, {@code 1e-7}. The one exception is {@code -0.0}, which those two write as 0 and
 * most readers take for a whole number without its point.
 *
 * <p>The digits are Jackson's, by the Schubfach algorithm: {@link Double#toString} gives more than the shortest ones before
 * Java 19. Finite values only.
 *
 * <p>Thread: its creator. Limits: a text has at most {@link #MAX_BYTES} bytes.
 */
@OwnedBy(Role.MAIN)
final class NumberText {
    /** {@code -2.2250738585072014e-308} has 24; the longest without an exponent is {@code -0.0000012345678901234567}. */
    static final int MAX_BYTES = 32;

    /** Below it every whole number is a double. */
    private static final long EXACT_WHOLE = 1L << 53;
    /** A decimal of fifteen digits is the shortest for the double it reads to: no other of so few digits reads to the same. */
    private static final double FIFTEEN_DIGITS = 1e15;

    private static final int FEW_DECIMALS = 1000;
    /** The decimal point stands at most so far to the right of the first digit where there is no exponent. */
    private static final int MOST_WHOLE_DIGITS = 21;

    private static final int MOST_LEADING_ZEROS = 6;

    private final byte[] scratch = new byte[NumberOutput.MAX_DOUBLE_BYTES + 1];
    private final byte[] digits = new byte[NumberOutput.MAX_DOUBLE_BYTES];
    private int digitCount;
    /** How many digits stand before the decimal point; below 0 for zeros behind it. */
    private int point;

    /** Appends the text; returns its end. */
    int put(double value, @Borrowed byte[] to, int start) {
        int at = start;
        double v = value;
        if (Double.doubleToRawLongBits(v) < 0) {
            to[at++] = '-';
            v = -v;
        }
        if (v < EXACT_WHOLE && v == (long) v) {
            at = NumberOutput.outputLong((long) v, to, at);
            return v == 0 && at - start > 1 ? zeroDecimal(to, at) : at;
        }
        double thousandths = v * FEW_DECIMALS;
        if (thousandths < FIFTEEN_DIGITS && thousandths == (long) thousandths && thousandths / FEW_DECIMALS == v) {
            return putThousandths((long) thousandths, to, at);
        }
        readDigits(v);
        return putDigits(to, at);
    }

    private static int zeroDecimal(byte[] to, int at) {
        to[at] = '.';
        to[at + 1] = '0';
        return at + 2;
    }

    /** A value with one to three decimals, as most measurements have. */
    private static int putThousandths(long thousandths, byte[] to, int start) {
        int at = NumberOutput.outputLong(thousandths / FEW_DECIMALS, to, start);
        int rest = (int) (thousandths % FEW_DECIMALS);
        to[at++] = '.';
        to[at++] = (byte) ('0' + rest / 100);
        to[at++] = (byte) ('0' + rest / 10 % 10);
        to[at++] = (byte) ('0' + rest % 10);
        while (to[at - 1] == '0') {
            at--;
        }
        return at;
    }

    /** Takes apart what Java's form of the number says: digits with one point among them, and perhaps E with a power. */
    private void readDigits(double v) {
        int length = NumberOutput.outputDouble(v, scratch, 0);
        digitCount = 0;
        int i = 0;
        for (; i < length && scratch[i] != 'E'; i++) {
            if (scratch[i] == '.') {
                point = i;
            } else {
                digits[digitCount++] = scratch[i];
            }
        }
        if (i < length) {
            point += Integer.parseInt(
                    new String(scratch, i + 1, length - i - 1, java.nio.charset.StandardCharsets.US_ASCII));
        }
        int zeros = 0;
        while (digits[zeros] == '0') {
            zeros++;
        }
        System.arraycopy(digits, zeros, digits, 0, digitCount - zeros);
        digitCount -= zeros;
        point -= zeros;
        while (digits[digitCount - 1] == '0') {
            digitCount--;
        }
        if (digitCount == 2) {
            shortenLastBits(v);
        }
    }

    /** The smallest doubles have so few bits that one digit is enough, where Java always gives two. */
    private void shortenLastBits(double v) {
        int one = digits[0] - '0' + (digits[1] >= '5' ? 1 : 0);
        if (Double.parseDouble(one + "e" + (point - 1)) == v) {
            point += one / 10;
            digits[0] = (byte) (one == 10 ? '1' : '0' + one);
            digitCount = 1;
        }
    }

    private int putDigits(byte[] to, int start) {
        int at = start;
        if (point > MOST_WHOLE_DIGITS || point <= -MOST_LEADING_ZEROS) {
            to[at++] = digits[0];
            if (digitCount > 1) {
                to[at++] = '.';
                at = copy(1, digitCount, to, at);
            }
            to[at++] = 'e';
            to[at++] = (byte) (point > 0 ? '+' : '-');
            return NumberOutput.outputInt(Math.abs(point - 1), to, at);
        }
        if (point <= 0) {
            to[at++] = '0';
            to[at++] = '.';
            at = zeros(-point, to, at);
            return copy(0, digitCount, to, at);
        }
        at = copy(0, Math.min(point, digitCount), to, at);
        if (point >= digitCount) {
            return zeros(point - digitCount, to, at);
        }
        to[at++] = '.';
        return copy(point, digitCount, to, at);
    }

    private int copy(int from, int end, byte[] to, int at) {
        System.arraycopy(digits, from, to, at, end - from);
        return at + end - from;
    }

    private static int zeros(int count, byte[] to, int start) {
        for (int i = start; i < start + count; i++) {
            to[i] = '0';
        }
        return start + count;
    }
}
