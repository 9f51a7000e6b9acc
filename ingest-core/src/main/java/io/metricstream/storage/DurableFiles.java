package io.metricstream.storage;

import io.metricstream.own.Borrowed;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The one way to put a whole file in place: under a temporary name, forced, renamed, its folder synced. Whoever reads
 * the name sees the old file or the new one, also after a power cut.
 */
public final class DurableFiles {
    /** The ending of files that are not finished; what has it at start-up is deleted. */
    public static final String TEMPORARY = ".tmp";

    private DurableFiles() {}

    public static Path temporary(Path path) {
        return path.resolveSibling(path.getFileName() + TEMPORARY);
    }

    public static void write(Disk disk, Path path, @Borrowed ByteBuffer content) throws StorageFailure {
        Path temporary = temporary(path);
        disk.delete(temporary);
        try (DiskFile file = disk.create(temporary)) {
            file.write(content, 0);
            file.force();
        }
        publish(disk, temporary, path);
    }

    /** Renames a finished, forced file and makes its name durable. */
    public static void publish(Disk disk, Path temporary, Path path) throws StorageFailure {
        disk.rename(temporary, path);
        disk.syncFolder(folderOf(path));
    }

    private static Path folderOf(Path path) {
        Path folder = path.getParent();
        if (folder == null) {
            throw new IllegalArgumentException("a path without a folder: " + path);
        }
        return folder;
    }
}
