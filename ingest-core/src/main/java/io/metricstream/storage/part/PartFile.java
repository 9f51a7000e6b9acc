package io.metricstream.storage.part;

import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.MalformedException;
import io.metricstream.storage.part.PartLayout.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open file of a part: its trailer, and its frames by reference.
 *
 * <p>Thread: any number reads at once. Owns: the file, until nobody holds it. Fails: {@link StorageFailure.Corrupt},
 * before anything is allocated, where a reference points outside the file, and where a checksum is wrong.
 */
@ThreadSafe("positional reads; one atomic count")
final class PartFile {
    private static final Logger LOG = LoggerFactory.getLogger(PartFile.class);

    private final DiskFile file;
    private final Path path;
    private final byte[] trailer;
    private final long framesEnd;
    private final AtomicInteger holders = new AtomicInteger(1);

    private PartFile(DiskFile file, Path path, byte[] trailer, long framesEnd) {
        this.file = file;
        this.path = path;
        this.trailer = trailer;
        this.framesEnd = framesEnd;
    }

    static PartFile open(Disk disk, Path path) throws StorageFailure {
        DiskFile file = disk.openRead(path);
        try {
            return open(file, path);
        } catch (StorageFailure | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static PartFile open(DiskFile file, Path path) throws StorageFailure {
        long size = file.size();
        if (size < PartLayout.HEADER_BYTES + PartLayout.TRAILER_BYTES) {
            throw new StorageFailure.Corrupt(path, size, "the file ends before its trailer: size=" + size);
        }
        byte[] header = new byte[PartLayout.HEADER_BYTES];
        readFully(file, path, ByteBuffer.wrap(header), 0);
        if (!PartLayout.hasMagic(header)) {
            throw new StorageFailure.Corrupt(path, 0, "not a part: the magic is missing");
        }
        if (!PartLayout.isHeaderWhole(header)) {
            throw new StorageFailure.Corrupt(path, 0, "checksum of the header");
        }
        int version = PartLayout.headerVersion(header);
        if (version != PartLayout.FORMAT_VERSION) {
            throw new StorageFailure.Unsupported(
                    path, "part format " + version, "part format " + PartLayout.FORMAT_VERSION);
        }
        byte[] trailer = new byte[PartLayout.TRAILER_BYTES];
        long trailerAt = size - PartLayout.TRAILER_BYTES;
        readFully(file, path, ByteBuffer.wrap(trailer), trailerAt);
        if (!PartLayout.isTrailerWhole(trailer)) {
            throw new StorageFailure.Corrupt(path, trailerAt, "checksum of the trailer");
        }
        long wanted = (long) PartLayout.LONGS.get(trailer, PartLayout.FILE_BYTES_AT);
        if (wanted != size) {
            throw new StorageFailure.Corrupt(path, trailerAt, "size: found=" + size + ", wanted=" + wanted);
        }
        return new PartFile(file, path, trailer, trailerAt);
    }

    /** A number of the trailer. */
    long trailerLong(int at) {
        return (long) PartLayout.LONGS.get(trailer, at);
    }

    /** A frame that the trailer refers to. */
    FrameRef trailerRef(int offsetAt, int lengthAt) {
        return new FrameRef(trailerLong(offsetAt), (int) PartLayout.INTS.get(trailer, lengthAt));
    }

    Path path() {
        return path;
    }

    /** Where the frames end and the trailer begins. */
    long framesEnd() {
        return framesEnd;
    }

    void read(FrameRef ref, Kind kind, FrameBuffer into) throws StorageFailure {
        read(ref.offset(), ref.length(), kind, into);
    }

    void read(long offset, int length, Kind kind, FrameBuffer into) throws StorageFailure {
        if (offset < PartLayout.HEADER_BYTES
                || length < PartLayout.FRAME_HEADER_BYTES
                || offset > framesEnd - length) {
            throw new StorageFailure.Corrupt(
                    path, offset, "a frame of " + length + " bytes here would not be within the file's frames");
        }
        byte[] bytes = into.begin(length);
        readFully(file, path, ByteBuffer.wrap(bytes, 0, length), offset);
        if (!PartLayout.isFrameWhole(bytes, length, kind, offset)) {
            throw new StorageFailure.Corrupt(path, offset, "checksum of " + kind);
        }
    }

    /** What to throw where a frame with the right checksum is not what it should be. */
    StorageFailure.Corrupt malformed(long offset, Kind kind, MalformedException e) {
        return new StorageFailure.Corrupt(path, offset, kind + ": " + e.getMessage());
    }

    private static void readFully(DiskFile file, Path path, ByteBuffer into, long offset) throws StorageFailure {
        int start = into.position();
        while (into.hasRemaining()) {
            if (file.read(into, offset + into.position() - start) < 0) {
                throw new StorageFailure.Corrupt(
                        path, offset + into.position() - start, "the file ends here, while it was read");
            }
        }
    }

    /** Keeps the file open until {@link #release}. */
    void acquire() {
        int now = holders.get();
        while (now > 0) {
            if (holders.compareAndSet(now, now + 1)) {
                return;
            }
            now = holders.get();
        }
        throw new IllegalStateException("a part was asked after it was closed: path=" + path);
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            try {
                file.close();
            } catch (StorageFailure e) {
                // The file was only read: nothing is lost by this, and whoever releases it can do nothing about it.
                LOG.warn("closing a part: {}", e.getMessage());
            }
        }
    }
}
