package io.metricstream.storage;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The operating system's files. Stateless.
 *
 * <p>Java tells a full disk from other faults by the system's words alone, which follow the locale: the launcher sets that
 * of messages to C, and where it is another one after all, a failed write on a disk with hardly any space left counts, too.
 */
public final class RealDisk implements Disk {
    private static final long FULL_BELOW_BYTES = 1 << 20;

    @Override
    public DiskFile create(Path path) throws StorageFailure {
        return open(path, "creating", CREATE_NEW, READ, WRITE);
    }

    @Override
    public DiskFile openWrite(Path path) throws StorageFailure {
        return open(path, "opening for writing", READ, WRITE);
    }

    @Override
    public DiskFile openRead(Path path) throws StorageFailure {
        return open(path, "opening for reading", READ);
    }

    @Override
    public List<Path> list(Path folder) throws StorageFailure {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw failure(folder, "listing", e);
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public long usableBytes(Path folder) throws StorageFailure {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw failure(folder, "asking for usable space", e);
        }
    }

    @Override
    public void createFolders(Path folder) throws StorageFailure {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw failure(folder, "creating the folder", e);
        }
    }

    @Override
    public void rename(Path from, Path to) throws StorageFailure {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failure(from, "renaming to " + to.getFileName(), e);
        }
    }

    @Override
    public void link(Path existing, Path link) throws StorageFailure {
        try {
            Files.createLink(link, existing);
        } catch (IOException e) {
            throw failure(link, "linking to " + existing.getFileName(), e);
        }
    }

    @Override
    public void delete(Path path) throws StorageFailure {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failure(path, "deleting", e);
        }
    }

    @Override
    public void syncFolder(Path folder) throws StorageFailure {
        try (FileChannel channel = FileChannel.open(folder, READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw failure(folder, "syncing the folder", e);
        }
    }

    private static DiskFile open(Path path, String what, OpenOption... options) throws StorageFailure {
        try {
            return new RealFile(path, FileChannel.open(path, options));
        } catch (IOException e) {
            throw failure(path, what, e);
        }
    }

    private static StorageFailure failure(Path path, String what, IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("no space left") || message.contains("quota exceeded")) {
            return new StorageFailure.DiskFull(path, what);
        }
        return new StorageFailure.Io(path, what, e);
    }

    /** The same of a write, which needs space. */
    static StorageFailure writeFailure(Path path, long usableBytes, IOException e) {
        return usableBytes < FULL_BELOW_BYTES
                ? new StorageFailure.DiskFull(path, "writing")
                : failure(path, "writing", e);
    }

    private record RealFile(Path path, FileChannel channel) implements DiskFile {
        @Override
        public void write(ByteBuffer from, long offsetBytes) throws StorageFailure {
            try {
                long at = offsetBytes;
                while (from.hasRemaining()) {
                    at += channel.write(from, at);
                }
            } catch (IOException e) {
                throw writeFailure(path, usableBytes(e), e);
            }
        }

        private long usableBytes(IOException because) {
            try {
                return Files.getFileStore(path).getUsableSpace();
            } catch (IOException unknown) {
                because.addSuppressed(unknown);
                return Long.MAX_VALUE;
            }
        }

        @Override
        public int read(ByteBuffer to, long offsetBytes) throws StorageFailure {
            try {
                return channel.read(to, offsetBytes);
            } catch (IOException e) {
                throw failure(path, "reading", e);
            }
        }

        @Override
        public void force() throws StorageFailure {
            try {
                channel.force(false);
            } catch (IOException e) {
                // Whatever the code says: after a failed force nothing is known of what reached the disk.
                throw new StorageFailure.Io(path, "forcing", e);
            }
        }

        @Override
        public void truncate(long sizeBytes) throws StorageFailure {
            try {
                channel.truncate(sizeBytes);
            } catch (IOException e) {
                throw failure(path, "truncating", e);
            }
        }

        @Override
        public long size() throws StorageFailure {
            try {
                return channel.size();
            } catch (IOException e) {
                throw failure(path, "asking the size", e);
            }
        }

        @Override
        public void close() throws StorageFailure {
            try {
                channel.close();
            } catch (IOException e) {
                throw failure(path, "closing", e);
            }
        }
    }
}
