package io.metricstream.storage.store;

import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Cancellation;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A disk whose writes take their time, so that merging leaves most of the real one to the log.
 *
 * <p>Thread: COMPACTOR. After each write it rests until the bytes written so far are as many as the rate allows, or
 * nothing is held up any more.
 */
@OwnedBy(Role.COMPACTOR)
final class ThrottledDisk implements Disk {
    private static final long LEAST_REST_NANOS = 1_000_000;
    /** Until it is looked whether the server stops. */
    private static final long MOST_REST_NANOS = 100_000_000;

    private final Disk disk;
    private final long bytesPerSecond;
    private final NanoClock clock;
    private final Cancellation stopping;
    private long freeAtNanos;

    /**
     * With a rate of 0 nothing is held up.
     *
     * @param stopping after which nothing is
     */
    ThrottledDisk(Disk disk, long bytesPerSecond, NanoClock clock, Cancellation stopping) {
        this.disk = disk;
        this.bytesPerSecond = bytesPerSecond;
        this.clock = clock;
        this.stopping = stopping;
        this.freeAtNanos = clock.nanos();
    }

    private void onWritten(int bytes) {
        if (bytesPerSecond == 0) {
            return;
        }
        long now = clock.nanos();
        long from = freeAtNanos - now > 0 ? freeAtNanos : now;
        freeAtNanos = from + (long) (bytes * 1e9 / bytesPerSecond);
        for (long rest = freeAtNanos - now; rest > LEAST_REST_NANOS && !stopping.isCancelled(); ) {
            LockSupport.parkNanos(Math.min(rest, MOST_REST_NANOS));
            rest = freeAtNanos - clock.nanos();
        }
    }

    @Override
    public DiskFile create(Path path) throws StorageFailure {
        return new ThrottledFile(disk.create(path));
    }

    @Override
    public DiskFile openWrite(Path path) throws StorageFailure {
        return new ThrottledFile(disk.openWrite(path));
    }

    @Override
    public DiskFile openRead(Path path) throws StorageFailure {
        return disk.openRead(path);
    }

    @Override
    public List<Path> list(Path folder) throws StorageFailure {
        return disk.list(folder);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public long usableBytes(Path folder) throws StorageFailure {
        return disk.usableBytes(folder);
    }

    @Override
    public void createFolders(Path folder) throws StorageFailure {
        disk.createFolders(folder);
    }

    @Override
    public void rename(Path from, Path to) throws StorageFailure {
        disk.rename(from, to);
    }

    @Override
    public void link(Path existing, Path link) throws StorageFailure {
        disk.link(existing, link);
    }

    @Override
    public void delete(Path path) throws StorageFailure {
        disk.delete(path);
    }

    @Override
    public void syncFolder(Path folder) throws StorageFailure {
        disk.syncFolder(folder);
    }

    private final class ThrottledFile implements DiskFile {
        private final DiskFile file;

        ThrottledFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer from, long offsetBytes) throws StorageFailure {
            int bytes = from.remaining();
            file.write(from, offsetBytes);
            onWritten(bytes);
        }

        @Override
        public int read(ByteBuffer to, long offsetBytes) throws StorageFailure {
            return file.read(to, offsetBytes);
        }

        @Override
        public void force() throws StorageFailure {
            file.force();
        }

        @Override
        public void truncate(long sizeBytes) throws StorageFailure {
            file.truncate(sizeBytes);
        }

        @Override
        public long size() throws StorageFailure {
            return file.size();
        }

        @Override
        public void close() throws StorageFailure {
            file.close();
        }
    }
}
