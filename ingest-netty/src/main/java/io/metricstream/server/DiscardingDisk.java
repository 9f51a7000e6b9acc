package io.metricstream.server;

import io.metricstream.own.Borrowed;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A disk that is always empty: it takes what is written and keeps none of it. For the log of a rehearsal. */
@ThreadSafe("stateless; its files hold a size that is atomic")
final class DiscardingDisk implements Disk {
    @Override
    public DiskFile create(Path path) {
        return new DiscardingFile(path, new AtomicLong());
    }

    @Override
    public DiskFile openWrite(Path path) throws StorageFailure {
        throw missing(path);
    }

    @Override
    public DiskFile openRead(Path path) throws StorageFailure {
        throw missing(path);
    }

    @Override
    public List<Path> list(Path folder) {
        return List.of();
    }

    @Override
    public boolean exists(Path path) {
        return false;
    }

    @Override
    public long usableBytes(Path folder) {
        return Long.MAX_VALUE;
    }

    @Override
    public void createFolders(Path folder) {
        // There are none, and every name is as good as another.
    }

    @Override
    public void rename(Path from, Path to) {
        // Names are not kept.
    }

    @Override
    public void link(Path existing, Path link) {
        // Names are not kept.
    }

    @Override
    public void delete(Path path) {
        // It is gone already.
    }

    @Override
    public void syncFolder(Path folder) {
        // Nothing is kept that could be lost.
    }

    private static StorageFailure missing(Path path) {
        return new StorageFailure.Io(path, "opening a file on a disk that keeps none");
    }

    private record DiscardingFile(Path path, AtomicLong end) implements DiskFile {
        @Override
        public void write(@Borrowed ByteBuffer from, long offsetBytes) {
            end.accumulateAndGet(offsetBytes + from.remaining(), Math::max);
            from.position(from.limit());
        }

        @Override
        public int read(@Borrowed ByteBuffer to, long offsetBytes) throws StorageFailure {
            throw missing(path);
        }

        @Override
        public void force() {
            // What was written is as durable as it will ever be.
        }

        @Override
        public void truncate(long sizeBytes) {
            end.set(sizeBytes);
        }

        @Override
        public long size() {
            return end.get();
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
