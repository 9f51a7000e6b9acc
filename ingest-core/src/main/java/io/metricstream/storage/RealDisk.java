package io.metricstream.storage;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The operating system's files. Stateless. */
public final class RealDisk implements Disk {
    private static final long FULL_BYTES = 1 << 16;

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
            FileStore store = Files.getFileStore(folder);
            // A file system that counts nothing says 0 for everything.
            return store.getTotalSpace() == 0 ? Long.MAX_VALUE : store.getUsableSpace();
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
        if (message.contains("no space left") || message.contains("quota exceeded") || isFull(path)) {
            return new StorageFailure.DiskFull(path, what);
        }
        return new StorageFailure.Io(path, what, e);
    }

    /** The message of a full disk is in the language of the machine, so what is left decides. */
    private static boolean isFull(Path path) {
        try {
            Path folder = path.toAbsolutePath().getParent();
            FileStore store = Files.getFileStore(folder == null ? path : folder);
            return store.getTotalSpace() > 0 && store.getUsableSpace() < FULL_BYTES;
        } catch (IOException unknown) {
            return false;
        }
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
                throw failure(path, "writing", e);
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
