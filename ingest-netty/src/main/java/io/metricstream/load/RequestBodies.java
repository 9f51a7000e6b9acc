package io.metricstream.load;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Makes the bodies of an event loop in pooled buffers, compressed where that is wanted.
 *
 * <p>Thread: one event loop. Owns: its fleet and a compressor, ended by {@link #close}; a body is its caller's.
 */
@OwnedBy(Role.EVENT_LOOP)
final class RequestBodies implements AutoCloseable {
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int TRAILER_BYTES = 8;

    private final Fleet fleet;
    private final int samples;
    private final boolean gzip;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final CRC32 crc = new CRC32();
    private final byte[] piece;

    RequestBodies(Fleet fleet, int samplesPerRequest, boolean gzip) {
        this.fleet = fleet;
        this.samples = samplesPerRequest;
        this.gzip = gzip;
        this.piece = new byte[gzip ? 16 << 10 : 0];
    }

    int samples() {
        return samples;
    }

    /** The body of the next request. */
    ByteBuf next(ByteBufAllocator allocator) {
        int length = fleet.write(samples);
        byte[] bytes = fleet.bytes();
        if (!gzip) {
            return allocator.directBuffer(length).writeBytes(bytes, 0, length);
        }
        ByteBuf packed = allocator.directBuffer(length / 8 + 64);
        packed.writeBytes(GZIP_HEADER);
        deflater.reset();
        deflater.setInput(bytes, 0, length);
        deflater.finish();
        while (!deflater.finished()) {
            packed.writeBytes(piece, 0, deflater.deflate(piece));
        }
        crc.reset();
        crc.update(bytes, 0, length);
        packed.ensureWritable(TRAILER_BYTES);
        return packed.writeIntLE((int) crc.getValue()).writeIntLE(length);
    }

    @Override
    public void close() {
        deflater.end();
    }
}
