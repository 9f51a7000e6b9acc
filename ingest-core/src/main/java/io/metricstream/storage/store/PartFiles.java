package io.metricstream.storage.store;

import io.metricstream.model.EpochClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.Quarantine;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.part.Part;
import io.metricstream.storage.part.PartMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of parts: {@code parts/<partition>/<first sequence>-<last sequence>.part} as they were flushed, and
 * {@code ….merged.part} where they were made of all parts of their range.
 *
 * <p>Opening is recovery: unfinished files and empty folders are deleted, a part that was merged into another is deleted, and
 * a part that cannot be read is moved to {@code quarantine} and reported, so that the server starts.
 */
@ThreadSafe("stateless apart from the folder it speaks of, and what readers share")
final class PartFiles {
    private static final Logger LOG = LoggerFactory.getLogger(PartFiles.class);
    private static final String ENDING = ".part";
    private static final String MERGED = ".merged" + ENDING;
    private static final Pattern NAME = Pattern.compile("[0-7][0-9a-f]{15}-([0-7][0-9a-f]{15})(\\.merged)?\\.part");
    /** By partition, then by sequence. */
    static final Comparator<LivePart> ORDER = Comparator.comparing(LivePart::partition)
            .thenComparingLong(part -> part.header().origin().lastSequence())
            .thenComparingLong(part -> part.header().origin().firstSequence());

    private final Disk disk;
    private final Path dataFolder;
    private final EpochClock clock;
    private final PartMemory memory = new PartMemory();

    /** What opening found. */
    record Opened(List<LivePart> parts, List<Path> quarantined) {}

    PartFiles(Disk disk, Path dataFolder, EpochClock clock) {
        this.disk = disk;
        this.dataFolder = dataFolder;
        this.clock = clock;
    }

    /** From now on readers of the parts leave nothing to one another. */
    void close() {
        memory.close();
    }

    /** The folder of all parts. */
    static Path folder(Path dataFolder) {
        return dataFolder.resolve("parts");
    }

    /** Whether this is the name of a part. */
    static boolean isPart(Path path) {
        return path.toString().endsWith(ENDING);
    }

    /** Whether this is the name of a part that took the place of all parts of its range. */
    static boolean isMerged(Path path) {
        return path.toString().endsWith(MERGED);
    }

    /** The last record of the log whose samples may be in this part, by its name; -1 where it is no part's name. */
    static long lastSequence(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1), 16) : -1;
    }

    /** What a part is called where those of other partitions are too. */
    static String quarantineName(Path path) {
        return DurableFiles.folderOf(path).getFileName() + "-" + path.getFileName();
    }

    /** The parts in a partition's folder. */
    static List<Path> in(Disk disk, Path partitionFolder) throws StorageFailure {
        return disk.list(partitionFolder).stream().filter(PartFiles::isPart).toList();
    }

    /** Where the part of this partition that was flushed of these records belongs; its folder is there afterwards. */
    Path place(Partition partition, long firstSequence, long lastSequence) throws StorageFailure {
        return place(partition, firstSequence, lastSequence, ENDING);
    }

    /** The same for one that takes the place of all parts of these records. */
    Path placeMerged(Partition partition, long firstSequence, long lastSequence) throws StorageFailure {
        return place(partition, firstSequence, lastSequence, MERGED);
    }

    /** Opens a part that was just written. */
    LivePart open(Path path) throws StorageFailure {
        return new LivePart(Part.open(disk, path, memory), path, clock.millis());
    }

    /** Opens every part there is. */
    Opened openAll() throws StorageFailure {
        var parts = new ArrayList<LivePart>();
        var quarantined = new ArrayList<Path>();
        if (disk.exists(partsFolder())) {
            for (Path folder : disk.list(partsFolder())) {
                openFolder(folder, parts, quarantined);
            }
            for (Path folder : disk.list(partsFolder())) {
                deleteEmpty(folder);
            }
        }
        parts.sort(ORDER);
        var merged = parts.stream()
                .filter(part -> parts.stream().anyMatch(part::isMergedInto))
                .toList();
        delete(merged.stream().map(LivePart::path).toList());
        merged.forEach(LivePart::release);
        parts.removeAll(merged);
        deleteEmptyFolders();
        return new Opened(parts, quarantined);
    }

    /** Those of partitions that were dropped. Only here: later a flush may be about to write into one. */
    private void deleteEmptyFolders() throws StorageFailure {
        if (!disk.exists(partsFolder())) {
            return;
        }
        boolean any = false;
        for (Path folder : disk.list(partsFolder())) {
            if (disk.list(folder).isEmpty()) {
                disk.delete(folder);
                any = true;
            }
        }
        if (any) {
            disk.syncFolder(partsFolder());
        }
    }

    /** The deletions in force; a damaged file of them is set aside like a part, and what it hid shows again. */
    Deletions loadDeletions() throws StorageFailure {
        disk.delete(DurableFiles.temporary(dataFolder.resolve(Deletions.FILE)));
        try {
            return Deletions.load(disk, dataFolder);
        } catch (StorageFailure.Corrupt damaged) {
            LOG.error("deletions cannot be read and are set aside: {}", damaged.getMessage());
            new Quarantine(disk, dataFolder).moveIn(dataFolder.resolve(Deletions.FILE), Deletions.FILE);
            return Deletions.NONE;
        }
    }

    private void openFolder(Path folder, List<LivePart> parts, List<Path> quarantined) throws StorageFailure {
        for (Path path : disk.list(folder)) {
            if (path.toString().endsWith(DurableFiles.TEMPORARY)) {
                disk.delete(path);
            } else if (isPart(path)) {
                try {
                    parts.add(new LivePart(Part.open(disk, path, memory), path, Long.MIN_VALUE));
                } catch (StorageFailure.Corrupt damaged) {
                    LOG.error("a part cannot be read and is set aside: {}", damaged.getMessage());
                    new Quarantine(disk, dataFolder).moveIn(path, quarantineName(path));
                    quarantined.add(path);
                }
            }
        }
    }

    /** What retention leaves of a day. */
    private void deleteEmpty(Path folder) throws StorageFailure {
        if (disk.list(folder).isEmpty()) {
            disk.delete(folder);
        }
    }

    /** Deletes the names of parts, durably. */
    void delete(Collection<Path> parts) throws StorageFailure {
        for (Path part : parts) {
            disk.delete(part);
        }
        for (Path folder : parts.stream().map(DurableFiles::folderOf).distinct().toList()) {
            disk.syncFolder(folder);
        }
    }

    private Path place(Partition partition, long firstSequence, long lastSequence, String ending)
            throws StorageFailure {
        Path folder = partsFolder().resolve(partition.folderName());
        DurableFiles.makeFolders(disk, folder);
        return folder.resolve(String.format(Locale.ROOT, "%016x-%016x%s", firstSequence, lastSequence, ending));
    }

    private Path partsFolder() {
        return folder(dataFolder);
    }
}
