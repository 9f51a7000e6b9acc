package io.metricstream.promql.parse;

/** Finds the end of a quoted text, and refuses escapes that say nothing. Stateless. */
final class StringScanner {
    private static final String SIMPLE_ESCAPES = "abfnrtv\\";

    private StringScanner() {}

    /** Index behind the closing quote of the text that begins at an opening one. */
    static int end(String in, int start) throws ParseException {
        char quote = in.charAt(start);
        int at = start + 1;
        while (at < in.length()) {
            int c = in.codePointAt(at);
            if (c == quote) {
                return at + 1;
            }
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw error(in, start, "invalid UTF-8 rune");
            }
            if (quote != '`' && c == '\n') {
                break;
            }
            at += Character.charCount(c);
            if (quote != '`' && c == '\\') {
                at = escapeEnd(in, at, start, quote);
            }
        }
        throw error(in, start, quote == '`' ? "unterminated raw string" : "unterminated quoted string");
    }

    private static int escapeEnd(String in, int at, int start, char quote) throws ParseException {
        if (at >= in.length()) {
            throw error(in, start, "escape sequence not terminated");
        }
        int c = in.codePointAt(at);
        if (c == quote || SIMPLE_ESCAPES.indexOf(c) >= 0) {
            return at + 1;
        }
        if (c >= '0' && c <= '7') {
            return digitsEnd(in, at, start, 3, 8, 0xff);
        }
        return switch (c) {
            case 'x' -> digitsEnd(in, at + 1, start, 2, 16, 0xff);
            case 'u' -> digitsEnd(in, at + 1, start, 4, 16, Character.MAX_CODE_POINT);
            case 'U' -> digitsEnd(in, at + 1, start, 8, 16, Character.MAX_CODE_POINT);
            default -> throw error(in, start, "unknown escape sequence " + named(c));
        };
    }

    private static int digitsEnd(String in, int from, int start, int digits, int radix, int most)
            throws ParseException {
        long number = 0;
        for (int at = from; at < from + digits; at++) {
            if (at >= in.length()) {
                throw error(in, start, "escape sequence not terminated");
            }
            int c = in.codePointAt(at);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                throw error(in, start, "illegal character " + named(c) + " in escape sequence");
            }
            number = number * radix + digit;
        }
        boolean half = number >= Character.MIN_SURROGATE && number <= Character.MAX_SURROGATE;
        if (number > most || half) {
            throw error(in, start, "escape sequence is an invalid Unicode code point");
        }
        return from + digits;
    }

    private static String named(int c) {
        return String.format("U+%04X '%s'", c, Character.toString(c));
    }

    private static ParseException error(String in, int start, String problem) {
        return new ParseException(in, new Position(start, in.length()), problem);
    }
}
