package io.metricstream.parse;

import io.metricstream.own.Borrowed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds bytes that are not UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. Jackson
 * decodes all three without complaint.
 *
 * <p>Thread: any; stateless.
 */
final class Utf8Check {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8Check() {}

    /** The index of the first byte that begins no character, or -1 where all is well. */
    static int firstInvalid(@Borrowed byte[] bytes, int from, int to) {
        int i = from;
        while (true) {
            while (to - i >= Long.BYTES && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
                i += Long.BYTES;
            }
            while (i < to && bytes[i] >= 0) {
                i++;
            }
            if (i >= to) {
                return -1;
            }
            int length = characterBytes(bytes, i, to);
            if (length == 0) {
                return i;
            }
            i += length;
        }
    }

    /** The length of the character beyond ASCII that begins here; 0 where none does. */
    private static int characterBytes(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xff;
        int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length == 0 || length > to - at) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[at + 1] & 0xff;
        boolean bad = (first == 0xe0 && second < 0xa0)
                || (first == 0xed && second >= 0xa0)
                || (first == 0xf0 && second < 0x90)
                || (first == 0xf4 && second >= 0x90);
        return bad ? 0 : length;
    }
}
