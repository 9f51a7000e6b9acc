package io.metricstream.export;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.PinnedFiles;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.store.StoredParts;
import io.metricstream.storage.wal.Checkpoint;
import io.metricstream.storage.wal.WalReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a data folder holds at one moment, for a process that only reads it, while a server may be writing there: parts, and
 * the log of what is in no part yet. All files stay open, so whatever the server deletes meanwhile can still be read.
 *
 * <p>Thread: its creator. Owns: the open files. Limits: one open file for each part and each segment of the log.
 */
@OwnedBy(Role.MAIN)
public final class StoredFolder implements AutoCloseable {
    private static final int MAX_TRIES = 1000;

    private final Path path;
    private final PinnedFiles files;
    private final Flushed flushed;
    private final StoredParts parts;
    private final List<Path> partFiles;

    private StoredFolder(Path path, PinnedFiles files, Flushed flushed, StoredParts parts, List<Path> partFiles) {
        this.path = path;
        this.files = files;
        this.flushed = flushed;
        this.parts = parts;
        this.partFiles = partFiles;
    }

    /**
     * How far the log is in parts.
     *
     * @param inLog samples up to this record are not read from the log
     * @param inParts parts of later records are not read
     */
    private record Flushed(long inLog, long inParts, List<String> damages) {
        static Flushed read(Disk disk, Path dataFolder) throws StorageFailure {
            try {
                long sequence = Checkpoint.read(disk, dataFolder).sequence();
                return new Flushed(sequence, sequence, List.of());
            } catch (StorageFailure.Corrupt damaged) {
                return new Flushed(
                        Checkpoint.NONE.sequence(), Long.MAX_VALUE, List.of(String.valueOf(damaged.getMessage())));
            }
        }
    }

    /** Opens a folder; again where the server changes it meanwhile. Fails where that does not end. */
    public static StoredFolder open(Disk disk, Path path) throws StorageFailure {
        for (int i = 0; i < MAX_TRIES; i++) {
            Flushed before = Flushed.read(disk, path);
            List<Path> parts = StoredParts.files(disk, path);
            var files = new PinnedFiles(disk);
            try {
                // Only with the same checkpoint before and after has the log all that is in no part.
                if (pinAll(files, parts)
                        && pinAll(files, WalReader.segments(disk, path))
                        && StoredParts.files(disk, path).equals(parts)
                        && Flushed.read(disk, path).equals(before)) {
                    return new StoredFolder(
                            path, files, before, StoredParts.open(files, path, parts, before.inParts()), parts);
                }
            } catch (StorageFailure | RuntimeException e) {
                files.close();
                throw e;
            }
            files.close();
        }
        throw new StorageFailure.Io(path, "reading a folder that changes all the time");
    }

    private static boolean pinAll(PinnedFiles files, List<Path> paths) throws StorageFailure {
        for (Path path : paths) {
            if (!files.tryPin(path)) {
                return false;
            }
        }
        return true;
    }

    public Path path() {
        return path;
    }

    /** The folder's files as they were. */
    public Disk files() {
        return files;
    }

    /** The record of the log up to which all samples are in the parts; -1 for none. */
    public long flushedSequence() {
        return flushed.inLog();
    }

    /** The number of the first record that is in no part; -1 where that is not known. */
    public long firstLogged() {
        return flushed.damages().isEmpty() ? flushed.inLog() + 1 : -1;
    }

    /** What is wrong with the checkpoint; nothing where it is whole or not there. */
    public Optional<String> checkpointDamage() {
        return flushed.damages().stream().findFirst();
    }

    /** What cannot be read, apart from samples: each names its file. */
    public List<String> damages() {
        var all = new ArrayList<>(flushed.damages());
        all.addAll(parts.damages());
        return all;
    }

    /** The parts up to the checkpoint. */
    public StoredParts parts() {
        return parts;
    }

    /** The files of all parts, and of the deletions. */
    public List<Path> partFiles() {
        return partFiles;
    }

    @Override
    public void close() throws StorageFailure {
        parts.close();
        files.close();
    }
}
