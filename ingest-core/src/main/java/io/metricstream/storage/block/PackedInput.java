package io.metricstream.storage.block;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads what {@link PackedOutput} wrote, and never beyond its end.
 *
 * <p>Fails: {@link BlockFormatException} where the bytes end early or a number is larger than it may be.
 */
@OwnedBy(Role.QUERY)
final class PackedInput {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    /** Reads these bytes, which stay the caller's, from now on. */
    PackedInput reset(@Borrowed byte[] in, int from, int to) {
        bytes = in;
        at = from;
        end = to;
        return this;
    }

    int position() {
        return at;
    }

    int remaining() {
        return end - at;
    }

    int octet() throws BlockFormatException {
        if (at >= end) {
            throw endsEarly(1);
        }
        return bytes[at++] & 0xff;
    }

    long varint() throws BlockFormatException {
        long value = 0;
        int i = at;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (i >= end) {
                throw endsEarly(1);
            }
            byte b = bytes[i++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                at = i;
                return value;
            }
        }
        throw new BlockFormatException("a number of more than ten bytes: at=" + at);
    }

    long signed() throws BlockFormatException {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    /** A number from 0 to this limit. */
    int count(long limit) throws BlockFormatException {
        long value = varint();
        if (value < 0 || value > limit) {
            throw new BlockFormatException(
                    "number too large: found=" + Long.toUnsignedString(value) + ", wanted at most " + limit);
        }
        return (int) value;
    }

    long fixedLong() throws BlockFormatException {
        return (long) LONGS.get(bytes, take(Long.BYTES));
    }

    /** Steps over so many bytes; returns where they begin. */
    int take(int count) throws BlockFormatException {
        if (count < 0 || count > end - at) {
            throw endsEarly(count);
        }
        int from = at;
        at += count;
        return from;
    }

    /** Fails where something is left. */
    void expectEnd() throws BlockFormatException {
        if (at != end) {
            throw new BlockFormatException("bytes left over: found=" + (end - at) + ", wanted=0");
        }
    }

    private BlockFormatException endsEarly(int wanted) {
        return new BlockFormatException("bytes end early: found=" + (end - at) + ", wanted=" + wanted);
    }
}
