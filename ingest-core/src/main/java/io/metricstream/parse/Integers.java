package io.metricstream.parse;

import io.metricstream.own.Borrowed;

/** Reads the integer tokens of JSON: an optional minus, then digits. Thread: any; stateless. */
final class Integers {
    private static final String LARGEST = "9223372036854775807";
    private static final String SMALLEST = "-9223372036854775808";

    private Integers() {}

    /** Whether the token's number fits a long. */
    static boolean isLong(@Borrowed char[] text, int offset, int length) {
        String limit = text[offset] == '-' ? SMALLEST : LARGEST;
        if (length != limit.length()) {
            return length < limit.length();
        }
        for (int i = 0; i < length; i++) {
            int difference = text[offset + i] - limit.charAt(i);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return true;
    }

    /** The number of a token that {@link #isLong}. */
    static long toLong(@Borrowed char[] text, int offset, int length) {
        boolean negative = text[offset] == '-';
        long number = 0;
        for (int i = negative ? 1 : 0; i < length; i++) {
            number = number * 10 - (text[offset + i] - '0');
        }
        return negative ? number : -number;
    }
}
