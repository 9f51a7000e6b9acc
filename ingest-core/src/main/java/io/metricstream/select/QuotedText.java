package io.metricstream.select;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a quoted text as PromQL has it: in double or single quotes with Go's escapes, or as it stands between backticks.
 * Lives inside one call.
 */
@OwnedBy(Role.QUERY)
final class QuotedText {
    private static final String SIMPLE = "abfnrtv\\'\"";
    private static final byte[] SIMPLE_MEANS = {7, '\b', '\f', '\n', '\r', '\t', 11, '\\', '\'', '"'};

    private final String in;
    private final int start;
    private int at;
    /** Bytes rather than chars, as {@code \xc3\xa9} spells one character. */
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    QuotedText(String in, int start) {
        this.in = in;
        this.start = start;
    }

    static boolean startsAt(String in, int at) {
        return at < in.length() && "\"'`".indexOf(in.charAt(at)) >= 0;
    }

    /** The text without its quotes; {@link #end} is then behind them. */
    String read() throws SelectorException {
        char quote = in.charAt(start);
        for (at = start + 1; at < in.length(); ) {
            int c = in.codePointAt(at);
            if (c == quote) {
                at++;
                return text();
            }
            if (quote != '`' && c == '\n') {
                throw new SelectorException(at, "found a line break in a quoted text, wanted \\n");
            }
            at += Character.charCount(c);
            if (quote != '`' && c == '\\') {
                escape();
            } else {
                put(c, at - Character.charCount(c));
            }
        }
        throw new SelectorException(start, "found a text without an end, wanted " + quote + " behind it");
    }

    int end() {
        return at;
    }

    private String text() throws SelectorException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new SelectorException(start, "found bytes that are not UTF-8 in a quoted text");
        }
    }

    private void escape() throws SelectorException {
        int from = at - 1;
        char c = at < in.length() ? in.charAt(at) : ' ';
        int simple = SIMPLE.indexOf(c);
        if (simple >= 0) {
            at++;
            bytes.write(SIMPLE_MEANS[simple]);
        } else if (c == 'x') {
            at++;
            bytes.write(number(2, 16, from));
        } else if (c == 'u' || c == 'U') {
            at++;
            put(number(c == 'u' ? 4 : 8, 16, from), from);
        } else if (c >= '0' && c <= '7') {
            int octal = number(3, 8, from);
            if (octal > 0xff) {
                throw new SelectorException(from, "found an octal escape above \\377");
            }
            bytes.write(octal);
        } else {
            throw new SelectorException(
                    from,
                    "found an unknown escape, wanted one of \\a \\b \\f \\n \\r \\t \\v \\\\ \\' \\\" \\x \\u \\U"
                            + " or three octal digits; a regular expression needs \\\\ for each \\, or backticks");
        }
    }

    private int number(int digits, int radix, int from) throws SelectorException {
        int number = 0;
        for (int i = 0; i < digits; i++, at++) {
            int digit = at < in.length() && in.charAt(at) < 0x80 ? Character.digit(in.charAt(at), radix) : -1;
            if (digit < 0 || number > Character.MAX_CODE_POINT) {
                throw new SelectorException(from, "found an escape that is not finished, wanted " + digits + " digits");
            }
            number = number * radix + digit;
        }
        return number;
    }

    private void put(int codePoint, int from) throws SelectorException {
        boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        if (surrogate || !Character.isValidCodePoint(codePoint)) {
            throw new SelectorException(from, "found half of a character, or a number that is none");
        }
        bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }
}
