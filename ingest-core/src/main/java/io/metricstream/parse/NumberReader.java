package io.metricstream.parse;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Reads the number tokens of JSON from bytes, by JSON's own grammar and nothing wider.
 *
 * <p>Thread: one event loop. Order: after a read that did not answer {@link #NONE}, the number is in {@link #value} or
 * {@link #integer}. What follows the token is the caller's to judge.
 */
@OwnedBy(Role.EVENT_LOOP)
final class NumberReader {
    /** There is no such number here, or none that this class reads. */
    static final int NONE = -1;

    /** So many digits fit a long whatever they are. */
    private static final int SAFE_DIGITS = 18;

    private static final int MOST_EXPONENT = 10_000;

    private double value;
    private long integer;

    double value() {
        return value;
    }

    long integer() {
        return integer;
    }

    /** Reads a number that is finite as a double; returns the index behind it. */
    int readDouble(@Borrowed byte[] bytes, int from, int end) {
        int i = from;
        boolean negative = i < end && bytes[i] == '-';
        if (negative) {
            i++;
        }
        int first = i;
        long significand = 0;
        for (int digit; i < end && (digit = digit(bytes[i])) >= 0; i++) {
            significand = significand * 10 + digit;
        }
        int digits = i - first;
        if (digits == 0 || (digits > 1 && bytes[first] == '0')) {
            return NONE;
        }
        int exponent = 0;
        if (i < end && bytes[i] == '.') {
            int point = i++;
            if (end - i >= EightDigits.BYTES) {
                long eight = EightDigits.load(bytes, i);
                if (EightDigits.areDigits(eight)) {
                    significand = significand * EightDigits.SCALE + EightDigits.number(eight);
                    i += EightDigits.BYTES;
                }
            }
            for (int digit; i < end && (digit = digit(bytes[i])) >= 0; i++) {
                significand = significand * 10 + digit;
            }
            exponent = point + 1 - i;
            if (exponent == 0) {
                return NONE;
            }
            digits -= exponent;
        }
        if (i < end && (bytes[i] | 0x20) == 'e') {
            int power = i + 1;
            i = readExponent(bytes, power, end);
            if (i == NONE) {
                return NONE;
            }
            exponent += (int) integer;
        }
        double nearest = digits <= SAFE_DIGITS ? Decimals.nearest(significand, exponent) : Double.NaN;
        if (Double.isNaN(nearest)) {
            nearest = Math.abs(JavaDoubleParser.parseDouble(bytes, from, i - from));
        }
        value = negative ? -nearest : nearest;
        return nearest <= Double.MAX_VALUE ? i : NONE;
    }

    /** Reads an integer of at most 18 digits; returns the index behind it. */
    int readInteger(@Borrowed byte[] bytes, int from, int end) {
        int i = from;
        boolean negative = i < end && bytes[i] == '-';
        if (negative) {
            i++;
        }
        int first = i;
        long number = 0;
        if (end - i >= EightDigits.BYTES) {
            long eight = EightDigits.load(bytes, i);
            if (EightDigits.areDigits(eight)) {
                number = EightDigits.number(eight);
                i += EightDigits.BYTES;
            }
        }
        for (int digit; i < end && (digit = digit(bytes[i])) >= 0; i++) {
            number = number * 10 + digit;
        }
        int digits = i - first;
        if (digits == 0 || digits > SAFE_DIGITS || (digits > 1 && bytes[first] == '0')) {
            return NONE;
        }
        integer = negative ? -number : number;
        return i;
    }

    /** Reads the exponent behind its letter into {@link #integer}; what is beyond every double is cut. */
    private int readExponent(byte[] bytes, int from, int end) {
        int i = from;
        boolean negative = i < end && bytes[i] == '-';
        if (negative || (i < end && bytes[i] == '+')) {
            i++;
        }
        int first = i;
        int power = 0;
        for (int digit; i < end && (digit = digit(bytes[i])) >= 0; i++) {
            power = Math.min(MOST_EXPONENT, power * 10 + digit);
        }
        integer = negative ? -power : power;
        return i == first ? NONE : i;
    }

    private static int digit(byte b) {
        int digit = b - '0';
        return digit > 9 ? -1 : digit;
    }
}
