package io.metricstream.parse;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts as UTF-8 bytes, one behind the other in one array that grows and is kept.
 *
 * <p>Thread: one event loop. Order: after {@link #append} the three questions about the appended text may be asked.
 */
@OwnedBy(Role.EVENT_LOOP)
final class Utf8Text {
    private static final int MOST_BYTES_PER_CHAR = 3;

    private byte[] bytes = new byte[512];
    private int length;

    private int characters;
    private boolean control;
    private boolean unpaired;

    void clear() {
        length = 0;
    }

    /** Takes back everything behind {@code newLength}. */
    void truncate(int newLength) {
        length = newLength;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Unicode code points of the text appended last. */
    int characters() {
        return characters;
    }

    /** Whether the text appended last has a character below 0x20, or 0x7f. */
    boolean hasControl() {
        return control;
    }

    /** Whether the text appended last has a surrogate without its other half and therefore no UTF-8 form. */
    boolean hasUnpairedSurrogate() {
        return unpaired;
    }

    void append(@Borrowed char[] chars, int offset, int count) {
        ensure(count * MOST_BYTES_PER_CHAR);
        control = false;
        unpaired = false;
        byte[] to = bytes;
        int start = length;
        for (int i = 0; i < count; i++) {
            char c = chars[offset + i];
            if (c >= 0x80) {
                appendWide(chars, offset + i, offset + count, i);
                return;
            }
            if (c < 0x20 || c == 0x7f) {
                control = true;
            }
            to[start + i] = (byte) c;
        }
        length = start + count;
        characters = count;
    }

    void append(String text) {
        int count = text.length();
        ensure(count * MOST_BYTES_PER_CHAR);
        control = false;
        unpaired = false;
        byte[] to = bytes;
        int start = length;
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                appendWide(text.toCharArray(), i, count, i);
                return;
            }
            if (c < 0x20 || c == 0x7f) {
                control = true;
            }
            to[start + i] = (byte) c;
        }
        length = start + count;
        characters = count;
    }

    /** Takes a text that is UTF-8, which {@link Utf8Check} has told. */
    void append(@Borrowed byte[] utf8, int offset, int count) {
        ensure(count);
        control = false;
        unpaired = false;
        int points = 0;
        for (int i = offset; i < offset + count; i++) {
            byte b = utf8[i];
            control |= (b >= 0 && b < 0x20) || b == 0x7f;
            points += (b & 0xc0) == 0x80 ? 0 : 1;
        }
        System.arraycopy(utf8, offset, bytes, length, count);
        length += count;
        characters = points;
    }

    /** Whether the bytes from {@code start} to the end are the ASCII text given. */
    boolean isFrom(int start, String ascii) {
        if (length - start != ascii.length()) {
            return false;
        }
        for (int i = start; i < length; i++) {
            if (bytes[i] != ascii.charAt(i - start)) {
                return false;
            }
        }
        return true;
    }

    String string(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** Goes on where the first character beyond ASCII stands; {@code done} ASCII characters lie before it. */
    private void appendWide(char[] chars, int from, int end, int done) {
        byte[] to = bytes;
        int at = length + done;
        int points = done;
        for (int i = from; i < end; i++, points++) {
            char c = chars[i];
            if (c < 0x80) {
                control |= c < 0x20 || c == 0x7f;
                to[at++] = (byte) c;
            } else if (c < 0x800) {
                to[at++] = (byte) (0xc0 | c >> 6);
                to[at++] = (byte) (0x80 | (c & 0x3f));
            } else if (!Character.isSurrogate(c)) {
                to[at++] = (byte) (0xe0 | c >> 12);
                to[at++] = (byte) (0x80 | ((c >> 6) & 0x3f));
                to[at++] = (byte) (0x80 | (c & 0x3f));
            } else if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(chars[i + 1])) {
                int point = Character.toCodePoint(c, chars[++i]);
                to[at++] = (byte) (0xf0 | point >> 18);
                to[at++] = (byte) (0x80 | ((point >> 12) & 0x3f));
                to[at++] = (byte) (0x80 | ((point >> 6) & 0x3f));
                to[at++] = (byte) (0x80 | (point & 0x3f));
            } else {
                unpaired = true;
                to[at++] = '?';
            }
        }
        length = at;
        characters = points;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }
}
