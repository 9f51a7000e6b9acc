package io.metricstream.storage.store;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.DeletedCursor;
import io.metricstream.storage.merge.Deletion;
import io.metricstream.storage.part.Part;
import io.metricstream.storage.part.PartDamage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a data folder and the deletions in force, for a process that only reads them: nothing is mended, set aside
 * or deleted.
 *
 * <p>Thread: its creator. Owns: the open parts.
 */
@OwnedBy(Role.MAIN)
public final class StoredParts implements AutoCloseable {
    private final List<LivePart> parts;
    private final Deletions deletions;
    private final List<String> damages;

    private StoredParts(List<LivePart> parts, Deletions deletions, List<String> damages) {
        this.parts = parts;
        this.deletions = deletions;
        this.damages = damages;
    }

    /** The files that {@link #open} reads. */
    public static List<Path> files(Disk disk, Path dataFolder) throws StorageFailure {
        var files = new ArrayList<Path>();
        Path folder = PartFiles.folder(dataFolder);
        if (disk.exists(folder)) {
            for (Path partition : disk.list(folder)) {
                files.addAll(PartFiles.in(disk, partition));
            }
        }
        Path deletes = deletions(dataFolder);
        if (disk.exists(deletes)) {
            files.add(deletes);
        }
        return files;
    }

    /** Whether a file is a part by its name. */
    public static boolean isPart(Path file) {
        return PartFiles.isPart(file);
    }

    /** Where the file of deletions is. */
    public static Path deletions(Path dataFolder) {
        return dataFolder.resolve(Deletions.FILE);
    }

    /** What a part is called where those of other partitions are too. */
    public static String quarantineName(Path part) {
        return PartFiles.quarantineName(part);
    }

    /** What is wrong with the file of deletions; nothing where it is whole or not there. */
    public static Optional<String> deletionsDamage(Disk disk, Path dataFolder) throws StorageFailure {
        try {
            var unused = Deletions.load(disk, dataFolder);
            return Optional.empty();
        } catch (StorageFailure.Corrupt damaged) {
            return Optional.of(String.valueOf(damaged.getMessage()));
        }
    }

    /** The last record of the log that these files know of, damaged parts by their names; -1 where there is none. */
    public static long lastSequence(Disk disk, Path dataFolder, List<Path> files) throws StorageFailure {
        long last = deletionsDamage(disk, dataFolder).isPresent()
                ? -1
                : PartSet.lastSequence(List.of(), Deletions.load(disk, dataFolder));
        for (Path file : files) {
            last = Math.max(last, PartFiles.lastSequence(file));
        }
        return last;
    }

    /**
     * Opens these files.
     *
     * @param lastSequence parts of later records are left out: the log still has them
     */
    public static StoredParts open(Disk disk, Path dataFolder, List<Path> files, long lastSequence)
            throws StorageFailure {
        var damages = new ArrayList<String>();
        Deletions deletions = Deletions.NONE;
        try {
            deletions = Deletions.load(disk, dataFolder);
        } catch (StorageFailure.Corrupt damaged) {
            damages.add(String.valueOf(damaged.getMessage()));
        }
        var parts = new ArrayList<LivePart>();
        var opened = new StoredParts(parts, deletions, damages);
        try {
            for (Path file : files) {
                if (PartFiles.isPart(file)) {
                    opened.open(disk, file);
                }
            }
        } catch (StorageFailure | RuntimeException e) {
            opened.close();
            throw e;
        }
        List<LivePart> unwanted = parts.stream()
                .filter(part -> part.header().origin().firstSequence() > lastSequence
                        || parts.stream().anyMatch(part::isMergedInto))
                .toList();
        parts.removeAll(unwanted);
        unwanted.forEach(LivePart::release);
        parts.sort(PartFiles.ORDER);
        return opened;
    }

    /** What could not be read of them, each naming its file. */
    public List<String> damages() {
        return damages;
    }

    /** How many there are; they are numbered from 0, oldest days first, and within a day as they were written. */
    public int count() {
        return parts.size();
    }

    /** The size of all of them together. */
    public long bytes() {
        return parts.stream().mapToLong(part -> part.header().bytes()).sum();
    }

    /** The size of one of them. */
    public long bytes(int part) {
        return parts.get(part).header().bytes();
    }

    /** What is selected of one of them, without what was deleted; the caller closes it, and says what is done about damage. */
    public SeriesCursor select(int part, Selection selection, PartDamage damage) throws StorageFailure {
        LivePart from = parts.get(part);
        return DeletedCursor.of(from.part().reading(damage).select(selection), deletions.hiding(from));
    }

    /** The deletions in force, for samples that are in the log only. */
    public List<Deletion> deletions() {
        return deletions.all();
    }

    @Override
    public void close() {
        parts.forEach(LivePart::release);
        parts.clear();
    }

    private void open(Disk disk, Path file) throws StorageFailure {
        try {
            parts.add(new LivePart(Part.open(disk, file), file, Long.MIN_VALUE));
        } catch (StorageFailure.Corrupt damaged) {
            damages.add(String.valueOf(damaged.getMessage()));
        }
    }
}
