package io.metricstream.parse;

import io.metricstream.own.Borrowed;

/** Where lines begin and end in a body. Thread: any; stateless. */
final class Lines {
    private Lines() {}

    /** The index of the line feed that ends the line, or {@code end}. */
    static int end(@Borrowed byte[] bytes, int start, int end) {
        int i = start;
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    /** The index of the first byte in the line that is not blank, or that of its end. */
    static int skipBlank(@Borrowed byte[] bytes, int start, int end) {
        int i = start;
        while (i < end && isBlank(bytes[i])) {
            i++;
        }
        return i;
    }

    /** The index of the last byte before {@code end} that is not blank. */
    static int lastByte(@Borrowed byte[] bytes, int start, int end) {
        int i = end - 1;
        while (i > start && isBlank(bytes[i])) {
            i--;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    /** The line of a byte, counted from 1; a line ends with LF, CR LF or CR. */
    static int lineOf(@Borrowed byte[] bytes, int start, int at) {
        int line = 1;
        for (int i = start; i < at; i++) {
            if (endsLine(bytes, i, at)) {
                line++;
            }
        }
        return line;
    }

    /** The column of a byte in its line, in bytes, counted from 1. */
    static int columnOf(@Borrowed byte[] bytes, int start, int at) {
        int i = at;
        while (i > start && !endsLine(bytes, i - 1, at)) {
            i--;
        }
        return at - i + 1;
    }

    private static boolean endsLine(byte[] bytes, int i, int end) {
        return bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 >= end || bytes[i + 1] != '\n'));
    }
}
