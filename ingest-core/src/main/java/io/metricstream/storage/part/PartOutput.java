package io.metricstream.storage.part;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.PackedOutput;
import io.metricstream.storage.block.Squeezer;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Writes the pages of a new file, packed where that makes them smaller.
 *
 * <p>Thread: the writer's. Owns: the file, and memory outside of the heap for packing, until {@link #close}.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class PartOutput implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final DiskFile file;
    private final Squeezer squeezer = new Squeezer();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final PackedOutput frame = new PackedOutput();
    private long written;

    PartOutput(Disk disk, Path path) throws StorageFailure {
        file = disk.create(path);
        put(PartLayout.header(), PartLayout.HEADER_BYTES);
    }

    /** Where the next page begins in the file. */
    long position() {
        return written + buffer.position();
    }

    /** Appends a page; returns where it begins. */
    long writePage(byte kind, PackedOutput payload) throws StorageFailure {
        long at = position();
        frame.clear();
        frame.fixedInt(0); // The checksum, once the rest is there.
        frame.fixedInt(0);
        frame.fixedInt(payload.length());
        frame.fixedInt(kind);
        // Sample pages are squeezed already, as far as that makes them smaller.
        if (kind == PartLayout.KIND_SAMPLES) {
            frame.append(payload);
        } else {
            squeezer.squeeze(payload, frame);
        }
        byte[] bytes = frame.bytes();
        PartLayout.INTS.set(bytes, PartLayout.PAGE_LENGTH_AT, frame.length() - PartLayout.PAGE_HEADER_BYTES);
        int crc = PartLayout.crc(bytes, PartLayout.PAGE_LENGTH_AT, frame.length() - PartLayout.PAGE_LENGTH_AT);
        PartLayout.INTS.set(bytes, PartLayout.PAGE_CRC_AT, crc);
        put(bytes, frame.length());
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
        squeezer.close();
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
