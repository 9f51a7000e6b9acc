package io.metricstream.storage;

import io.metricstream.own.ThreadSafe;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A disk of files that are open already, to be read as they were when they were opened: their owner may replace or delete
 * them meanwhile. What was not pinned is not there, and nothing can be changed.
 *
 * <p>Thread: one pins, then any may read. Owns: the open files, until {@link #close}.
 */
@ThreadSafe("the map does not change once files are read")
public final class PinnedFiles implements Disk, AutoCloseable {
    private final Disk disk;
    private final Map<Path, DiskFile> files = new HashMap<>();

    public PinnedFiles(Disk disk) {
        this.disk = disk;
    }

    /** Keeps a file; false where it is not there. */
    public boolean tryPin(Path path) throws StorageFailure {
        try {
            DiskFile before = files.put(path, disk.openRead(path));
            if (before != null) {
                before.close();
            }
            return true;
        } catch (StorageFailure.Io e) {
            if (disk.exists(path)) {
                throw e;
            }
            return false;
        }
    }

    @Override
    public DiskFile openRead(Path path) throws StorageFailure {
        DiskFile file = files.get(path);
        if (file == null) {
            throw new StorageFailure.Io(path, "opening a file that is not there");
        }
        return new Shared(file);
    }

    @Override
    public List<Path> list(Path folder) {
        return files.keySet().stream()
                .filter(path -> folder.equals(path.getParent()))
                .sorted()
                .toList();
    }

    @Override
    public boolean exists(Path path) {
        return files.containsKey(path);
    }

    @Override
    public long usableBytes(Path folder) {
        return 0;
    }

    @Override
    public DiskFile create(Path path) {
        throw readOnly(path);
    }

    @Override
    public DiskFile openWrite(Path path) {
        throw readOnly(path);
    }

    @Override
    public void createFolders(Path folder) {
        throw readOnly(folder);
    }

    @Override
    public void rename(Path from, Path to) {
        throw readOnly(from);
    }

    @Override
    public void link(Path existing, Path link) {
        throw readOnly(link);
    }

    @Override
    public void delete(Path path) {
        throw readOnly(path);
    }

    @Override
    public void syncFolder(Path folder) {
        throw readOnly(folder);
    }

    @Override
    public void close() throws StorageFailure {
        var open = new ArrayList<>(files.values());
        files.clear();
        for (DiskFile file : open) {
            file.close();
        }
    }

    private static IllegalStateException readOnly(Path path) {
        return new IllegalStateException("a change of pinned files: " + path);
    }

    /** Leaves the file open when it is closed. */
    private record Shared(DiskFile file) implements DiskFile {
        @Override
        public void write(ByteBuffer from, long offsetBytes) throws StorageFailure {
            file.write(from, offsetBytes);
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
        public void close() {
            // PinnedFiles closes it.
        }
    }
}
