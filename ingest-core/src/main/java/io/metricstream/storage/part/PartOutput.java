package io.metricstream.storage.part;

import com.github.luben.zstd.ZstdCompressCtx;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Writes the pages of a new file, packed where that makes them smaller.
 *
 * <p>Thread: the writer's. Owns: the file, and memory outside of the heap for packing, until {@link #close}.
 */
@OwnedBy(Role.FLUSHER)
final class PartOutput implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int ZSTD_LEVEL = 1;
    /** A page has to shrink by a sixteenth, or unpacking it is not worth while. */
    private static final int LEAST_GAIN_SHIFT = 4;

    private final DiskFile file;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private byte[] frame = new byte[PartLayout.SAMPLE_PAGE_BYTES * 2];
    private long written;

    PartOutput(Disk disk, Path path) throws StorageFailure {
        zstd.setLevel(ZSTD_LEVEL);
        file = disk.create(path);
        put(PartLayout.header(), PartLayout.HEADER_BYTES);
    }

    /** Where the next page begins in the file. */
    long position() {
        return written + buffer.position();
    }

    /** Appends a page; returns where it begins. */
    long writePage(byte kind, PageBuilder payload) throws StorageFailure {
        long at = position();
        int raw = payload.length();
        int most = PartLayout.PAGE_HEADER_BYTES + (int) com.github.luben.zstd.Zstd.compressBound(raw);
        if (frame.length < most) {
            frame = new byte[most];
        }
        int length = zstd.compressByteArray(
                frame,
                PartLayout.PAGE_HEADER_BYTES,
                frame.length - PartLayout.PAGE_HEADER_BYTES,
                payload.bytes(),
                0,
                raw);
        byte packing = PartLayout.PACKING_ZSTD;
        if (length > raw - (raw >>> LEAST_GAIN_SHIFT)) {
            packing = PartLayout.PACKING_NONE;
            length = raw;
            System.arraycopy(payload.bytes(), 0, frame, PartLayout.PAGE_HEADER_BYTES, raw);
        }
        PartLayout.INTS.set(frame, PartLayout.PAGE_LENGTH_AT, length);
        PartLayout.INTS.set(frame, PartLayout.PAGE_RAW_LENGTH_AT, raw);
        frame[PartLayout.PAGE_KIND_AT] = kind;
        frame[PartLayout.PAGE_PACKING_AT] = packing;
        frame[PartLayout.PAGE_RESERVED_AT] = 0;
        frame[PartLayout.PAGE_RESERVED_AT + 1] = 0;
        int total = PartLayout.PAGE_HEADER_BYTES + length;
        PartLayout.INTS.set(
                frame,
                PartLayout.PAGE_CRC_AT,
                PartLayout.crc(frame, PartLayout.PAGE_LENGTH_AT, total - PartLayout.PAGE_LENGTH_AT));
        put(frame, total);
        return at;
    }

    /** Appends the trailer and makes the file durable; returns its length. */
    long finish(long contentsAt) throws StorageFailure {
        long fileBytes = position() + PartLayout.TRAILER_BYTES;
        put(PartLayout.trailer(contentsAt, fileBytes), PartLayout.TRAILER_BYTES);
        flush();
        file.force();
        return fileBytes;
    }

    @Override
    public void close() throws StorageFailure {
        zstd.close();
        file.close();
    }

    private void put(@Borrowed byte[] from, int length) throws StorageFailure {
        int at = 0;
        while (at < length) {
            int piece = Math.min(length - at, buffer.remaining());
            buffer.put(from, at, piece);
            at += piece;
            if (!buffer.hasRemaining()) {
                flush();
            }
        }
    }

    private void flush() throws StorageFailure {
        buffer.flip();
        int length = buffer.remaining();
        file.write(buffer, written);
        written += length;
        buffer.clear();
    }
}
