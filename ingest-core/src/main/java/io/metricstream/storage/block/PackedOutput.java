package io.metricstream.storage.block;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes that grow: numbers in as few bytes as they need (unsigned LEB128, zigzag where they may be negative), or fixed in
 * little-endian. {@link PackedInput} reads them.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
public final class PackedOutput {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_VARINT_BYTES = 10;

    private byte[] bytes = new byte[256];
    private int length;

    /** The bytes from 0 to {@link #length}; valid until the next call that adds. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
    }

    /** Makes room for so many more bytes, for who writes into {@link #bytes} directly; then {@link #skip}. */
    public void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    /** Takes so many bytes as written. */
    public void skip(int written) {
        length += written;
    }

    public void octet(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    public void varint(long value) {
        reserve(MAX_VARINT_BYTES);
        long v = value;
        while ((v & ~0x7fL) != 0) {
            bytes[length++] = (byte) (v | 0x80);
            v >>>= 7;
        }
        bytes[length++] = (byte) v;
    }

    public void signed(long value) {
        varint(value << 1 ^ value >> 63);
    }

    public void fixedInt(int value) {
        reserve(Integer.BYTES);
        INTS.set(bytes, length, value);
        length += Integer.BYTES;
    }

    public void fixedLong(long value) {
        reserve(Long.BYTES);
        LONGS.set(bytes, length, value);
        length += Long.BYTES;
    }

    public void bytes(@Borrowed byte[] from, int offset, int count) {
        reserve(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    public void append(PackedOutput other) {
        bytes(other.bytes, 0, other.length);
    }

    /** How many bytes {@link #varint} takes. */
    public static int varintBytes(long value) {
        return (Long.SIZE + 6 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }
}
