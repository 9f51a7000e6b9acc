package io.metricstream.storage.part;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.PackedOutput;
import java.util.Arrays;

/** A text that is read as its difference to the one before it. Thread: that of its cursor. Owns: its bytes. */
@OwnedBy(Role.QUERY)
final class FrontCodedText {
    private static final int MAX_BYTES = 16 << 20;

    private byte[] bytes = new byte[256];
    private int length;

    void clear() {
        length = 0;
    }

    /** Appends a text that shares its first bytes with the one before it: the number shared, the number added, the added. */
    static void put(
            PackedOutput out, @Borrowed byte[] before, int beforeLength, @Borrowed byte[] text, int textLength) {
        int shared = Arrays.mismatch(before, 0, beforeLength, text, 0, textLength);
        if (shared < 0) {
            shared = textLength;
        }
        out.varint(shared);
        out.varint(textLength - shared);
        out.bytes(text, shared, textLength - shared);
    }

    void read(PageReader in) throws StorageFailure {
        int shared = in.readInt(length);
        int added = in.readInt(MAX_BYTES);
        int from = in.skip(added);
        if (bytes.length - shared < added) {
            bytes = Arrays.copyOf(bytes, Math.max(shared + added, bytes.length * 2));
        }
        System.arraycopy(in.bytes(), from, bytes, shared, added);
        length = shared + added;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
