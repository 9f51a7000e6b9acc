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

    /** Whether there is nothing but what JSON allows between values. */
    static boolean isBlank(@Borrowed byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
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
