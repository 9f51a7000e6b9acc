package io.metricstream.storage.part;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/** The payload of a page while it is put together. Thread: that of its writer. Owns: its array, which grows. */
@OwnedBy(Role.FLUSHER)
final class PageBuilder {
    private byte[] bytes;
    private int length;

    PageBuilder(int expectedBytes) {
        bytes = new byte[expectedBytes + 64];
    }

    void clear() {
        length = 0;
    }

    boolean isEmpty() {
        return length == 0;
    }

    int length() {
        return length;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Makes room for so many more bytes, which the caller writes from {@link #length} on, then {@link #advanceTo}. */
    byte[] room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
        return bytes;
    }

    void advanceTo(int end) {
        length = end;
    }

    void putByte(int value) {
        room(1)[length++] = (byte) value;
    }

    void putVarint(long value) {
        byte[] to = room(10);
        int at = length;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            to[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[at++] = (byte) rest;
        length = at;
    }

    void putZigzag(long value) {
        putVarint(value << 1 ^ value >> 63);
    }

    void putLong(long value) {
        PartLayout.LONGS.set(room(Long.BYTES), length, value);
        length += Long.BYTES;
    }

    void putBytes(@Borrowed byte[] from, int offset, int count) {
        System.arraycopy(from, offset, room(count), length, count);
        length += count;
    }

    /** A text that shares its first bytes with the one before it: the number shared, the number added, the added. */
    void putFrontCoded(@Borrowed byte[] before, int beforeLength, @Borrowed byte[] text, int textLength) {
        int shared = Arrays.mismatch(before, 0, beforeLength, text, 0, textLength);
        if (shared < 0) {
            shared = textLength;
        }
        putVarint(shared);
        putVarint(textLength - shared);
        putBytes(text, shared, textLength - shared);
    }
}
