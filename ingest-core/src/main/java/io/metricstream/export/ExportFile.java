package io.metricstream.export;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file that appears, whole and durable, when all of it was written; until then what had its name stays as it was.
 *
 * <p>Thread: its creator. Owns: the file under its temporary name. Order: write, then {@link #publish}, then close;
 * closed without it, nothing is left.
 */
@OwnedBy(Role.MAIN)
public final class ExportFile implements LineOutput, AutoCloseable {
    private final Disk disk;
    private final Path path;
    private final Path temporary;
    private final DiskFile file;
    private long length;
    private boolean published;

    private ExportFile(Disk disk, Path path, Path temporary, DiskFile file) {
        this.disk = disk;
        this.path = path;
        this.temporary = temporary;
        this.file = file;
    }

    /** Begins to write; what an earlier export left unfinished is replaced. The path has a folder. */
    public static ExportFile create(Disk disk, Path path) throws StorageFailure {
        Path temporary = DurableFiles.temporary(path);
        disk.delete(temporary);
        DiskFile file = disk.create(temporary);
        // A signal ends the process without closing anything.
        temporary.toFile().deleteOnExit();
        return new ExportFile(disk, path, temporary, file);
    }

    @Override
    public void write(@Borrowed ByteBuffer lines) throws StorageFailure {
        int more = lines.remaining();
        file.write(lines, length);
        length += more;
    }

    /** Makes the file durable under its name. */
    public void publish() throws StorageFailure {
        file.force();
        DurableFiles.publish(disk, temporary, path);
        published = true;
    }

    @Override
    public void close() throws StorageFailure {
        file.close();
        if (!published) {
            disk.delete(temporary);
        }
    }
}
