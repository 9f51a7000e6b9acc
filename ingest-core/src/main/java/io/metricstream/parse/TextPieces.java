package io.metricstream.parse;

import io.metricstream.model.SeriesKey;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * Pieces of text, each held once, named by the place where it begins. The series of one host differ before their first
 * number and agree behind their last, those of one metric the other way round; held once, the text of 10,000 series is
 * about as large as that of 1,000, and stays in the processor's cache.
 *
 * <p>Thread: one event loop. Owns: its arrays. Limits: a piece has at most {@link #MAX_PIECE_BYTES}.
 */
@OwnedBy(Role.EVENT_LOOP)
final class TextPieces {
    static final int MAX_PIECE_BYTES = 0xffff;
    /** No such piece. */
    static final int NONE = -1;

    private static final int FIRST_PIECE = 2 * Short.BYTES;
    private static final int INITIAL_BYTES = 1 << 12;
    private static final int INITIAL_SLOTS = 1 << 8;

    /** Before each piece stands its length in two bytes. Nothing begins at place 0. */
    private byte[] text = new byte[INITIAL_BYTES];

    private int used;
    /** Upper half: of the piece's hash. Lower half: where it begins, 0 where the slot is free. */
    private long[] slots = new long[INITIAL_SLOTS];

    private int count;

    TextPieces() {
        clear();
    }

    void clear() {
        used = FIRST_PIECE - Short.BYTES;
        count = 0;
        Arrays.fill(slots, 0);
    }

    byte[] text() {
        return text;
    }

    long retainedBytes() {
        return text.length + (long) slots.length * Long.BYTES;
    }

    /** What it will retain with so many bytes more in one piece. */
    long retainedBytesWith(int pieceBytes) {
        long bytes = (long) used + Short.BYTES + pieceBytes > text.length ? grownBytes(pieceBytes) : text.length;
        long places = (count + 1) * 2L > slots.length ? slots.length * 2L : slots.length;
        return bytes + places * Long.BYTES;
    }

    /** Where this text begins, or {@link #NONE}. */
    int find(@Borrowed byte[] bytes, int from, int to) {
        return lookUp(bytes, from, to, SeriesKey.hash(bytes, from, to - from));
    }

    /** Where this text begins, held from now on if it was not. */
    int intern(@Borrowed byte[] bytes, int from, int to) {
        long hash = SeriesKey.hash(bytes, from, to - from);
        int found = lookUp(bytes, from, to, hash);
        return found != NONE ? found : add(bytes, from, to, hash);
    }

    private int lookUp(byte[] bytes, int from, int to, long hash) {
        int length = to - from;
        int mask = slots.length - 1;
        for (int i = (int) hash & mask; slots[i] != 0; i = (i + 1) & mask) {
            int at = (int) slots[i];
            if ((slots[i] ^ hash) >>> 32 == 0
                    && lengthAt(at) == length
                    && Arrays.equals(text, at, at + length, bytes, from, to)) {
                return at;
            }
        }
        return NONE;
    }

    private int add(byte[] bytes, int from, int to, long hash) {
        int length = to - from;
        if ((count + 1) * 2L > slots.length) {
            growSlots();
        }
        int at = used + Short.BYTES;
        if (at + length > text.length) {
            text = Arrays.copyOf(text, (int) grownBytes(length));
        }
        text[at - 2] = (byte) (length >>> 8);
        text[at - 1] = (byte) length;
        System.arraycopy(bytes, from, text, at, length);
        used = at + length;
        count++;
        put(hash, at);
        return at;
    }

    private long grownBytes(int pieceBytes) {
        return Math.max(text.length + (text.length >> 1), (long) used + Short.BYTES + pieceBytes);
    }

    private void growSlots() {
        slots = new long[slots.length * 2];
        for (int at = FIRST_PIECE; at < used; at += lengthAt(at) + Short.BYTES) {
            put(SeriesKey.hash(text, at, lengthAt(at)), at);
        }
    }

    private void put(long hash, int at) {
        int mask = slots.length - 1;
        int i = (int) hash & mask;
        while (slots[i] != 0) {
            i = (i + 1) & mask;
        }
        slots[i] = (hash & 0xffffffff00000000L) | at;
    }

    private int lengthAt(int at) {
        return (text[at - 2] & 0xff) << 8 | (text[at - 1] & 0xff);
    }
}
