package io.metricstream.storage;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a data folder for one process: an operating-system lock on the file {@code lock} in it, which ends with the
 * process however it ends.
 */
public final class FolderLock implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private FolderLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Takes the lock; null where another process (or this one) has it. */
    public static @Nullable FolderLock tryTake(Path folder) throws StorageFailure {
        Path path = folder.resolve("lock");
        try {
            FileChannel channel = FileChannel.open(path, CREATE, WRITE);
            if (lock(channel) == null) {
                channel.close();
                return null;
            }
            return new FolderLock(path, channel);
        } catch (IOException e) {
            throw new StorageFailure.Io(path, "locking the data folder", e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    @Override
    public void close() throws StorageFailure {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StorageFailure.Io(path, "unlocking the data folder", e);
        }
    }
}
