package io.metricstream.storage;

import io.metricstream.own.Borrowed;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The one way to put a whole file in place: under a temporary name, forced, renamed, its folder synced. Whoever reads
 * the name sees the old file or the new one, also after a power cut. And the one way to make a folder that stays.
 */
public final class DurableFiles {
    /** The ending of files that are not finished; what has it at start-up is deleted. */
    public static final String TEMPORARY = ".tmp";

    private DurableFiles() {}

    public static Path temporary(Path path) {
        return path.resolveSibling(path.getFileName() + TEMPORARY);
    }

    /** Writes the content of a new file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(DiskFile file) throws StorageFailure;
    }

    public static void write(Disk disk, Path path, @Borrowed ByteBuffer content) throws StorageFailure {
        write(disk, path, file -> file.write(content, 0));
    }

    /** Reads a file, or its first bytes where it has more; fails with Corrupt where the disk does not give them. */
    public static ByteBuffer read(Disk disk, Path path, int mostBytes) throws StorageFailure {
        try (DiskFile file = disk.openRead(path)) {
            var bytes = ByteBuffer.allocate((int) Math.min(file.size(), mostBytes));
            try {
                file.readUpTo(bytes, 0);
            } catch (StorageFailure.Io e) {
                throw new StorageFailure.Corrupt(path, bytes.position(), "cannot be read: " + e.getMessage());
            }
            return bytes.flip();
        }
    }

    /**
     * Puts a file in place. Where that fails, nothing else is left behind, and the name keeps what it had; only where its
     * folder could not be synced after the renaming, it has the new file, which a power cut may take back.
     */
    public static void write(Disk disk, Path path, Content content) throws StorageFailure {
        Path temporary = temporary(path);
        disk.delete(temporary);
        try {
            create(disk, temporary, content);
            publish(disk, temporary, path);
        } catch (StorageFailure e) {
            discard(disk, temporary, e);
            throw e;
        }
    }

    private static void create(Disk disk, Path path, Content content) throws StorageFailure {
        try (DiskFile file = disk.create(path)) {
            content.writeTo(file);
            file.force();
        }
    }

    /** Deletes an unfinished file because of this failure; what goes wrong with that is attached to it. */
    public static void discard(Disk disk, Path temporary, Exception because) {
        try {
            disk.delete(temporary);
        } catch (StorageFailure e) {
            because.addSuppressed(e);
        }
    }

    /** Renames a finished, forced file and makes its name durable. */
    public static void publish(Disk disk, Path temporary, Path path) throws StorageFailure {
        disk.rename(temporary, path);
        disk.syncFolder(folderOf(path));
    }

    /** Makes a folder and those above it, durable with their names; fine where it exists. */
    public static void makeFolders(Disk disk, Path folder) throws StorageFailure {
        if (disk.exists(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            makeFolders(disk, parent);
        }
        disk.createFolders(folder);
        if (parent != null) {
            disk.syncFolder(parent);
        }
    }

    /** The folder a file is in. */
    public static Path folderOf(Path path) {
        Path folder = path.getParent();
        if (folder == null) {
            throw new IllegalArgumentException("a path without a folder: " + path);
        }
        return folder;
    }
}
