package io.metricstream.api;

import io.metricstream.http.SnappyBlock;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;

/** Bytes in pieces that are compressed one by one, so that a long message is never copied to make room. */
@OwnedBy(Role.QUERY)
final class MessagePieces extends OutputStream {
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
    /** How much of the last piece is used. */
    private int used = SnappyBlock.PIECE_BYTES;

    private long length;

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(@Borrowed byte[] bytes, int offset, int count) {
        int at = offset;
        int left = count;
        while (left > 0) {
            if (used == SnappyBlock.PIECE_BYTES) {
                pieces.addLast(new byte[SnappyBlock.PIECE_BYTES]);
                used = 0;
            }
            int some = Math.min(left, SnappyBlock.PIECE_BYTES - used);
            System.arraycopy(bytes, at, pieces.getLast(), used, some);
            used += some;
            at += some;
            left -= some;
        }
        length += count;
    }

    long length() {
        return length;
    }

    /** Hands on what is in it, compressed, and forgets it. */
    void deflateTo(OutputStream out) throws IOException {
        while (!pieces.isEmpty()) {
            byte[] piece = pieces.removeFirst();
            SnappyBlock.deflate(piece, pieces.isEmpty() ? used : piece.length, out);
        }
    }
}
