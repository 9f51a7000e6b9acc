package io.metricstream.server;

import io.metricstream.own.Borrowed;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A disk of a few small files that lie on the heap, for what a rehearsal reads. Folders are there when they are asked for. */
@ThreadSafe("a concurrent map of files, each with a monitor")
final class MemoryDisk implements Disk {
    private final NavigableMap<Path, MemoryFile> files = new ConcurrentSkipListMap<>();

    @Override
    public DiskFile create(Path path) {
        var created = new MemoryFile();
        files.put(path, created);
        return created;
    }

    @Override
    public DiskFile openWrite(Path path) throws StorageFailure {
        return openRead(path);
    }

    @Override
    public DiskFile openRead(Path path) throws StorageFailure {
        DiskFile file = files.get(path);
        if (file == null) {
            throw new StorageFailure.Io(path, "opening a file that is not there");
        }
        return file;
    }

    @Override
    public List<Path> list(Path folder) {
        return files.keySet().stream()
                .filter(path -> path.startsWith(folder) && !path.equals(folder))
                .map(path -> folder.resolve(folder.relativize(path).getName(0)))
                .distinct()
                .toList();
    }

    @Override
    public boolean exists(Path path) {
        return files.containsKey(path) || !list(path).isEmpty();
    }

    @Override
    public long usableBytes(Path folder) {
        return Long.MAX_VALUE;
    }

    @Override
    public void createFolders(Path folder) {
        // They come with the first file.
    }

    @Override
    public void rename(Path from, Path to) throws StorageFailure {
        link(from, to);
        delete(from);
    }

    @Override
    public void link(Path existing, Path link) throws StorageFailure {
        MemoryFile file = files.get(existing);
        if (file == null) {
            throw new StorageFailure.Io(existing, "naming a file that is not there");
        }
        files.put(link, file);
    }

    @Override
    public void delete(Path path) {
        files.remove(path);
    }

    @Override
    public void syncFolder(Path folder) {
        // Nothing outlives the process.
    }

    private static final class MemoryFile implements DiskFile {
        private byte[] content = new byte[0];

        @Override
        public synchronized void write(@Borrowed ByteBuffer from, long offsetBytes) {
            int at = (int) offsetBytes;
            int end = at + from.remaining();
            if (end > content.length) {
                content = Arrays.copyOf(content, end);
            }
            from.get(content, at, end - at);
        }

        @Override
        public synchronized int read(@Borrowed ByteBuffer to, long offsetBytes) {
            if (offsetBytes >= content.length) {
                return -1;
            }
            int count = Math.min(to.remaining(), content.length - (int) offsetBytes);
            to.put(content, (int) offsetBytes, count);
            return count;
        }

        @Override
        public void force() {
            // Nothing outlives the process.
        }

        @Override
        public synchronized void truncate(long sizeBytes) {
            content = Arrays.copyOf(content, (int) sizeBytes);
        }

        @Override
        public synchronized long size() {
            return content.length;
        }

        @Override
        public void close() {
            // The bytes stay.
        }
    }
}
