package io.metricstream.storage;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The folder {@code quarantine} of a data folder: what is damaged is moved or copied there, for a person to look at, and
 * nothing reads it again. What is there already stays as it is, also under the same name.
 *
 * <p>Thread: its creator. The folder is made when it is needed first.
 */
@OwnedBy(Role.MAIN)
public final class Quarantine {
    private static final int PIECE_BYTES = 1 << 20;

    private final Disk disk;
    private final Path dataFolder;
    private final Path folder;
    private boolean made;

    public Quarantine(Disk disk, Path dataFolder) {
        this.disk = disk;
        this.dataFolder = dataFolder;
        this.folder = dataFolder.resolve("quarantine");
    }

    /** Moves a file in, under this name or one that begins with it, durably; gives back where it is now. */
    public Path moveIn(Path file, String name) throws StorageFailure {
        make();
        Path to = freeName(name);
        disk.rename(file, to);
        disk.syncFolder(folder);
        disk.syncFolder(DurableFiles.folderOf(file));
        return to;
    }

    /**
     * Gives a file a name in here as well, durably, for what takes its place where it is now; gives back that name. The
     * bytes are the same where the disk has links, and a copy elsewhere.
     */
    public Path keep(Path file, String name) throws StorageFailure {
        make();
        Path to = freeName(name);
        try {
            disk.link(file, to);
        } catch (StorageFailure noLink) {
            return copyIn(file, 0, Long.MAX_VALUE, name);
        }
        disk.syncFolder(folder);
        return to;
    }

    /** Copies some bytes of a file, as far as there are so many, durably; gives back where they are now. */
    public Path copyIn(Path file, long offsetBytes, long lengthBytes, String name) throws StorageFailure {
        make();
        Path to = freeName(name);
        try (DiskFile from = disk.openRead(file)) {
            DurableFiles.write(disk, to, copy -> copy(from, offsetBytes, lengthBytes, copy));
        }
        return to;
    }

    private void make() throws StorageFailure {
        if (!made) {
            disk.createFolders(folder);
            disk.syncFolder(dataFolder);
            made = true;
        }
    }

    private Path freeName(String name) {
        Path free = folder.resolve(name);
        for (int i = 2; disk.exists(free); i++) {
            free = folder.resolve(name + "-" + i);
        }
        return free;
    }

    private static void copy(DiskFile from, long offsetBytes, long lengthBytes, DiskFile to) throws StorageFailure {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, lengthBytes));
        long done = 0;
        while (done < lengthBytes) {
            piece.clear().limit((int) Math.min(piece.capacity(), lengthBytes - done));
            int read = from.read(piece, offsetBytes + done);
            if (read <= 0) {
                return;
            }
            to.write(piece.flip(), done);
            done += read;
        }
    }
}
