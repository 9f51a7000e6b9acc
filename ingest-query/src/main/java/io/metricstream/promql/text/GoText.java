package io.metricstream.promql.text;

import io.metricstream.own.Borrowed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Texts in quotes, as Go writes and PromQL reads them. Stateless. */
public final class GoText {
    private static final String SIMPLE = "abfnrtv\\'\"";
    private static final String SIMPLE_MEANS = "\u0007\b\f\n\r\t\u000b\\'\"";
    /** A byte b that is part of no character is kept as this plus b. */
    private static final int STRAY_BYTE = 0xdc00;

    private GoText() {}

    /** In double quotes, with escapes for what does not print. */
    public static String quote(String text) {
        var out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> append(out, c));
        return out.append('"').toString();
    }

    /** One character in single quotes, as {@code %q} has it. */
    public static String quoteCharacter(int c) {
        if (c == '\'') {
            return "'\\''";
        }
        if (c == '"') {
            return "'\"'";
        }
        var out = new StringBuilder("'");
        append(out, c);
        return out.append('\'').toString();
    }

    private static void append(StringBuilder out, int c) {
        int simple = c == '\'' ? -1 : SIMPLE_MEANS.indexOf(c);
        if (simple >= 0) {
            out.append('\\').append(SIMPLE.charAt(simple));
        } else if (isStrayByte(c)) {
            out.append(String.format("\\x%02x", c - STRAY_BYTE));
        } else if (prints(c)) {
            out.appendCodePoint(c);
        } else if (c < 0x80) {
            out.append(String.format("\\x%02x", c));
        } else if (c < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
            out.append(String.format("\\u%04x", c));
        } else {
            out.append(String.format("\\U%08x", c));
        }
    }

    private static boolean prints(int c) {
        if (c == ' ') {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    private static boolean isStrayByte(int c) {
        return c >= STRAY_BYTE + 0x80 && c <= STRAY_BYTE + 0xff;
    }

    /** Whether it can be stored: every byte is part of a character. */
    public static boolean isUtf8(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** The text with a replacement character for each byte that is part of no character, as what is sent must be UTF-8. */
    public static String toUtf8(String text) {
        if (isUtf8(text)) {
            return text;
        }
        var out = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '\ufffd' : c)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    /** Bytes as a text; those that are part of no character stay to be told. */
    public static String decode(@Borrowed byte[] bytes) {
        String plain = new String(bytes, StandardCharsets.UTF_8);
        if (plain.indexOf('\ufffd') < 0) {
            return plain;
        }
        var text = new StringBuilder();
        int at = 0;
        while (at < bytes.length) {
            int length = characterLength(bytes, at);
            if (length == 0) {
                text.append((char) (STRAY_BYTE + (bytes[at] & 0xff)));
                at++;
            } else {
                text.append(new String(bytes, at, length, StandardCharsets.UTF_8));
                at += length;
            }
        }
        return text.toString();
    }

    /** Bytes of the character that begins here; 0 where none does. */
    private static int characterLength(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        int length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length < 2 || at + length > bytes.length) {
            return length < 2 ? length : 0;
        }
        String decoded = new String(bytes, at, length, StandardCharsets.UTF_8);
        boolean whole = decoded.codePointCount(0, decoded.length()) == 1
                && (decoded.charAt(0) != '\ufffd' || isReplacement(bytes, at, length));
        return whole ? length : 0;
    }

    private static boolean isReplacement(byte[] bytes, int at, int length) {
        return length == 3 && bytes[at] == (byte) 0xef && bytes[at + 1] == (byte) 0xbf && bytes[at + 2] == (byte) 0xbd;
    }

    /** What a quoted text of the grammar says; it was read by a lexer that refuses wrong escapes. */
    public static String unquote(String quoted) {
        char quote = quoted.charAt(0);
        String inside = quoted.substring(1, quoted.length() - 1);
        if (quote == '`' || inside.indexOf('\\') < 0) {
            return inside;
        }
        var bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < inside.length()) {
            int c = inside.codePointAt(at);
            at += Character.charCount(c);
            if (c == '\\') {
                at = unescape(inside, at, bytes);
            } else {
                put(c, bytes);
            }
        }
        return decode(bytes.toByteArray());
    }

    private static int unescape(String text, int at, ByteArrayOutputStream bytes) {
        char c = text.charAt(at);
        int simple = SIMPLE.indexOf(c);
        if (simple >= 0) {
            bytes.write(SIMPLE_MEANS.charAt(simple));
            return at + 1;
        }
        boolean octal = c >= '0' && c <= '7';
        int digits = octal ? 3 : c == 'x' ? 2 : c == 'u' ? 4 : 8;
        int from = octal ? at : at + 1;
        int number = Integer.parseInt(text.substring(from, from + digits), octal ? 8 : 16);
        if (octal || c == 'x') {
            bytes.write(number);
        } else {
            put(number, bytes);
        }
        return from + digits;
    }

    private static void put(int c, ByteArrayOutputStream bytes) {
        if (isStrayByte(c)) {
            bytes.write(c - STRAY_BYTE);
        } else {
            bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        }
    }
}
