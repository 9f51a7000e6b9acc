package io.metricstream.http;

import io.metricstream.own.Borrowed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.Snappy;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Packs and unpacks Snappy's block format, which says at its beginning how long it will be. What it says is weighed before anybody
 * makes room for it. Netty decodes such blocks of any length; what it encodes is right up to 32 KiB only.
 *
 * <p>Thread: any; stateless.
 */
public final class SnappyBlock {
    /** A copy of 64 bytes takes three, and nothing takes less for each byte. */
    private static final int MOST_BYTES_PER_BYTE = 22;

    private static final int MOST_LENGTH_BYTES = 5;
    /** What is packed at a time, of which copies are found within. */
    public static final int PIECE_BYTES = 32 << 10;

    private SnappyBlock() {}

    /** The length that a block claims, which one so long can have; fails where it claims none, or too much for that. */
    public static long claimedBytes(@Borrowed byte[] block, int length) throws IOException {
        long claimed = 0;
        for (int i = 0; i < Math.min(length, MOST_LENGTH_BYTES); i++) {
            claimed |= (block[i] & 0x7fL) << (7 * i);
            if (block[i] >= 0) {
                if (claimed > (long) MOST_BYTES_PER_BYTE * length) {
                    throw new IOException(
                            "it claims to hold " + claimed + " bytes, which " + length + " bytes cannot hold");
                }
                return claimed;
            }
        }
        throw new IOException("it does not begin with its length");
    }

    /** Unpacks a block of which {@link #claimedBytes} said its length; fails where there is more or less in it. */
    public static void inflate(@Borrowed byte[] block, int length, @Borrowed byte[] into, int claimed)
            throws IOException {
        ByteBuf in = Unpooled.wrappedBuffer(block, 0, length);
        ByteBuf out = Unpooled.wrappedBuffer(into, 0, claimed).clear();
        try {
            if (claimed == 0) {
                in.skipBytes(1); // The length, behind which Netty would wait for more of it.
            } else {
                new Snappy().decode(in, out);
            }
        } catch (DecompressionException | IndexOutOfBoundsException | IllegalArgumentException broken) {
            throw new IOException(broken.getMessage(), broken);
        }
        if (in.isReadable()) {
            throw new IOException("it claims to hold " + claimed + " bytes and holds more");
        }
        if (out.writerIndex() != claimed) {
            throw new IOException("it claims to hold " + claimed + " bytes and holds " + out.writerIndex());
        }
    }

    /** Begins a block that will hold so many bytes. */
    public static void begin(long length, OutputStream out) throws IOException {
        for (long left = length; ; left >>>= 7) {
            boolean last = left < 0x80;
            out.write((int) (last ? left : (left & 0x7f) | 0x80));
            if (last) {
                return;
            }
        }
    }

    /** Adds {@link #PIECE_BYTES} bytes at most to a block that has begun. */
    public static void deflate(@Borrowed byte[] plain, int length, OutputStream out) throws IOException {
        ByteBuf in = Unpooled.wrappedBuffer(plain, 0, length);
        ByteBuf packed = Unpooled.buffer(length + length / 2 + MOST_LENGTH_BYTES);
        new Snappy().encode(in, packed, length);
        // Netty makes a block of each piece: its length is not wanted.
        while (packed.readByte() < 0) {
            // One more byte of it.
        }
        packed.readBytes(out, packed.readableBytes());
    }
}
