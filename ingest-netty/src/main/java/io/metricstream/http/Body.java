package io.metricstream.http;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Collects a body that comes in pieces into one array. Memory is taken as bytes arrive, never because a header claims
 * them, and counted in {@link BodyMemory}.
 *
 * <p>Thread: the connection's event loop. Owns: its array until {@link #release}.
 */
@OwnedBy(Role.EVENT_LOOP)
final class Body {
    /** What became of a piece. */
    enum Added {
        OK,
        TOO_LARGE,
        NO_MEMORY
    }

    /** Arrays of two sizes that the connections of an event loop pass on to each other. */
    @OwnedBy(Role.EVENT_LOOP)
    static final class Pool {
        private static final int KEPT = 32;
        private final ArrayDeque<byte[]> small = new ArrayDeque<>();
        private final ArrayDeque<byte[]> usual = new ArrayDeque<>();

        byte[] take(int length) {
            ArrayDeque<byte[]> free = free(length);
            byte[] array = free == null ? null : free.pollLast();
            return array == null ? new byte[length] : array;
        }

        void give(byte[] array) {
            ArrayDeque<byte[]> free = free(array.length);
            if (free != null && free.size() < KEPT) {
                free.addLast(array);
            }
        }

        private @Nullable ArrayDeque<byte[]> free(int length) {
            return length == SMALL_BYTES ? small : length == USUAL_BYTES ? usual : null;
        }
    }

    /** For a body that has hardly begun, so that many who send a byte and then wait do not take all memory. */
    private static final int SMALL_BYTES = 16 << 10;

    private static final int USUAL_BYTES = 256 << 10;
    private static final byte[] NONE = new byte[0];

    private final BodyMemory memory;
    private final Pool arrays;
    private byte[] bytes = NONE;
    private int length;

    Body(BodyMemory memory, Pool arrays) {
        this.memory = memory;
        this.arrays = arrays;
    }

    /** Takes a piece of a body that may be so long. */
    Added add(ByteBuf piece, int limitBytes) {
        int more = piece.readableBytes();
        if (more > limitBytes - length) {
            return Added.TOO_LARGE;
        }
        if (more > bytes.length - length && !grow(length + more, limitBytes)) {
            return Added.NO_MEMORY;
        }
        piece.readBytes(bytes, length, more);
        length += more;
        return Added.OK;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** What it takes of {@link BodyMemory}. */
    long heldBytes() {
        return bytes.length;
    }

    void release() {
        if (bytes.length > 0) {
            memory.giveBack(bytes.length);
            arrays.give(bytes);
            bytes = NONE;
        }
        length = 0;
    }

    private boolean grow(int atLeast, int limitBytes) {
        int capacity = atLeast <= SMALL_BYTES ? SMALL_BYTES : Math.max(USUAL_BYTES, bytes.length);
        while (capacity < atLeast) {
            capacity = (int) Math.min(limitBytes, capacity * 2L);
        }
        if (!memory.tryTake(capacity - (long) bytes.length, bytes.length)) {
            return false;
        }
        byte[] grown = arrays.take(capacity);
        System.arraycopy(bytes, 0, grown, 0, length);
        arrays.give(bytes);
        bytes = grown;
        return true;
    }
}
