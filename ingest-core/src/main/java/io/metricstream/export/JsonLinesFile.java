package io.metricstream.export;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.ThreadOwner;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of lines that is only appended to, with its rotated predecessors {@code path.1} (the newest) to
 * {@code path.keep}.
 *
 * <p>Thread: JSONL_WRITER. Owns: the open file. Order: what {@link #progress} returned is remembered before
 * {@link #rotate}, and what it returns then before the next {@link #append}; so a start always finds the remembered file
 * at its remembered length or longer, or an empty one, or none.
 *
 * <p>Fails: {@link StorageFailure}; after {@link StorageFailure.DiskFull} from {@link #append} the file is as long as
 * before it, and it may be tried again. After any other the file is closed and opened anew.
 */
@OwnedBy(Role.JSONL_WRITER)
final class JsonLinesFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JsonLinesFile.class);
    /** So much of the file's end tells it from others. */
    private static final int TAIL_BYTES = 4096;

    private final ThreadOwner owner = new ThreadOwner();
    private final Disk disk;
    private final Path path;
    private final long rotateBytes;
    private final int keep;
    private DiskFile file;
    private long length;

    private JsonLinesFile(Disk disk, Path path, JsonLinesConfig config, DiskFile file) {
        this.disk = disk;
        this.path = path;
        this.rotateBytes = config.rotateBytes();
        this.keep = config.keep();
        this.file = file;
    }

    /**
     * Opens the file, or makes it. Where it is the remembered one, what was appended after that is cut off; where it is
     * another, it is appended to.
     */
    static JsonLinesFile open(Disk disk, Path path, JsonLinesConfig config, Optional<JsonLinesProgress> remembered)
            throws StorageFailure {
        DurableFiles.makeFolders(disk, folder(path));
        if (!disk.exists(path)) {
            return new JsonLinesFile(disk, path, config, create(disk, path));
        }
        var lines = new JsonLinesFile(disk, path, config, disk.openWrite(path));
        try {
            lines.findEnd(remembered.filter(p -> p.path().equals(path.toString())));
        } catch (StorageFailure e) {
            lines.closeAfter(e);
            throw e;
        }
        return lines;
    }

    /** Appends whole lines. */
    void append(@Borrowed ByteBuffer content) throws StorageFailure {
        assert owner.check();
        followChanges();
        int more = content.remaining();
        try {
            file.write(content, length);
        } catch (StorageFailure.DiskFull e) {
            file.truncate(length);
            throw e;
        }
        length += more;
    }

    /** Whether it has, with so many more bytes, reached the size at which it is rotated. */
    boolean isDue(long moreBytes) {
        return rotateBytes > 0 && length + moreBytes >= rotateBytes;
    }

    /** Makes what was appended durable and says how the file is known again. */
    JsonLinesProgress progress(long sequence) throws StorageFailure {
        assert owner.check();
        file.force();
        return new JsonLinesProgress(sequence, path.toString(), length, tailCrc(length));
    }

    /**
     * The file becomes {@code path.1} and a new one begins. A rotation that was cut short left a gap among the numbers;
     * the next one goes on from there, so that no file is lost by it.
     */
    void rotate() throws StorageFailure {
        assert owner.check();
        file.close();
        for (int k = keep + 1; disk.exists(rotated(k)); k++) {
            // Kept under an earlier configuration.
            disk.delete(rotated(k));
        }
        int free = 1;
        while (free < keep && disk.exists(rotated(free))) {
            free++;
        }
        for (int k = free - 1; k >= 1; k--) {
            move(rotated(k), rotated(k + 1));
        }
        move(path, rotated(1));
        file = create(disk, path);
        length = 0;
    }

    @Override
    public void close() throws StorageFailure {
        file.close();
    }

    /** Each durable before the next, for of two at once a power cut may leave the second alone, over what the first saves. */
    private void move(Path from, Path to) throws StorageFailure {
        disk.rename(from, to);
        disk.syncFolder(folder(path));
    }

    private static DiskFile create(Disk disk, Path path) throws StorageFailure {
        DiskFile created = disk.create(path);
        disk.syncFolder(folder(path));
        return created;
    }

    private void findEnd(Optional<JsonLinesProgress> remembered) throws StorageFailure {
        long size = file.size();
        if (remembered.isPresent()) {
            JsonLinesProgress last = remembered.get();
            if (size >= last.lengthBytes() && tailCrc(last.lengthBytes()) == last.tailCrc()) {
                file.truncate(last.lengthBytes());
                length = last.lengthBytes();
                return;
            }
        }
        length = size;
        if (size > 0) {
            LOG.warn("appending to a file that is not the one of the last run: path={}, length={}", path, size);
            endLastLine();
        }
    }

    /** Somebody else's last line may be unfinished. */
    private void endLastLine() throws StorageFailure {
        ByteBuffer last = ByteBuffer.allocate(1);
        if (file.read(last, length - 1) == 1 && last.get(0) != '\n') {
            file.write(ByteBuffer.wrap(new byte[] {'\n'}), length);
            length++;
        }
    }

    /** Others may move the file away or empty it, as tools for rotation do. */
    private void followChanges() throws StorageFailure {
        if (!disk.exists(path)) {
            LOG.warn("the file was moved or deleted, a new one begins: path={}", path);
            file.close();
            file = create(disk, path);
            length = 0;
            return;
        }
        long size = file.size();
        if (size < length) {
            LOG.warn("the file was cut: path={}, found={} bytes, wanted={} bytes", path, size, length);
            length = size;
        }
    }

    private int tailCrc(long end) throws StorageFailure {
        ByteBuffer tail = ByteBuffer.allocate((int) Math.min(TAIL_BYTES, end));
        long start = end - tail.capacity();
        file.readUpTo(tail, start);
        var crc = new CRC32C();
        crc.update(tail.flip());
        return (int) crc.getValue();
    }

    private void closeAfter(StorageFailure because) {
        try {
            file.close();
        } catch (StorageFailure e) {
            because.addSuppressed(e);
        }
    }

    private Path rotated(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    private static Path folder(Path path) {
        Path folder = path.getParent();
        if (folder == null) {
            throw new IllegalArgumentException("a path without a folder: " + path);
        }
        return folder;
    }
}
