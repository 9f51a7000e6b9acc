package io.metricstream.storage.store;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes snapshots: hard links of every part, the deletions in force, and a checkpoint that says that no log is wanted, in a
 * folder that a server can be started on.
 *
 * <p>Thread: the one that asked. A snapshot is made under a temporary name and renamed when it is durable. Fails:
 * {@link StorageFailure}, after which nothing of it is left, as far as the disk allows it.
 */
@OwnedBy(Role.QUERY)
final class Snapshots {
    private static final String FOLDER = "snapshots";

    private final Disk disk;
    private final Path dataFolder;

    Snapshots(Disk disk, Path dataFolder) {
        this.disk = disk;
        this.dataFolder = dataFolder;
    }

    /** Deletes what a process that ended left half made. */
    void deleteUnfinished() throws StorageFailure {
        Path folder = dataFolder.resolve(FOLDER);
        if (!disk.exists(folder)) {
            return;
        }
        for (Path snapshot : disk.list(folder)) {
            if (snapshot.toString().endsWith(DurableFiles.TEMPORARY)) {
                deleteSnapshot(snapshot);
            }
        }
        disk.syncFolder(folder);
    }

    /** The checkpoint goes first: without it, nobody takes what is left for a snapshot. */
    private void deleteSnapshot(Path snapshot) throws StorageFailure {
        if (disk.exists(Checkpoint.path(snapshot))) {
            disk.delete(Checkpoint.path(snapshot));
            disk.syncFolder(snapshot);
        }
        Path parts = PartFiles.folder(snapshot);
        if (disk.exists(parts)) {
            for (Path partition : disk.list(parts)) {
                deleteFolder(partition);
            }
        }
        deleteFolder(parts);
        deleteFolder(snapshot);
    }

    private void deleteFolder(Path folder) throws StorageFailure {
        if (disk.exists(folder)) {
            for (Path path : disk.list(folder)) {
                disk.delete(path);
            }
        }
        disk.delete(folder);
    }

    Path take(String name, PartSet set) throws StorageFailure {
        Path folder = dataFolder.resolve(FOLDER);
        Path target = folder.resolve(name);
        Path making = DurableFiles.temporary(target);
        if (disk.exists(target) || disk.exists(making)) {
            throw new StorageFailure.Io(target, "making a snapshot whose name is taken");
        }
        try {
            DurableFiles.makeFolders(disk, making);
            fill(making, set);
            disk.rename(making, target);
            disk.syncFolder(folder);
            return target;
        } catch (StorageFailure | RuntimeException e) {
            discard(making, target, e);
            throw e;
        }
    }

    /** What was linked: it is not durable yet, and what it stands for may have changed meanwhile. */
    private record Linked(Set<Path> folders, Deletions deletions, long lastSequence) {}

    private void fill(Path making, PartSet set) throws StorageFailure {
        // Forcing takes its time, and flushes do not wait for it.
        Linked linked = set.whileStill((parts, deletions) -> link(making, parts, deletions));
        for (Path partition : linked.folders()) {
            disk.syncFolder(partition);
        }
        if (!linked.folders().isEmpty()) {
            disk.syncFolder(PartFiles.folder(making));
        }
        linked.deletions().save(disk, making);
        new Checkpoint(linked.lastSequence(), 0).write(disk, making);
        disk.syncFolder(making);
    }

    private Linked link(Path making, List<LivePart> parts, Deletions deletions) throws StorageFailure {
        var folders = new TreeSet<Path>();
        for (LivePart part : parts) {
            Path to = making.resolve(dataFolder.relativize(part.path()));
            Path partition = DurableFiles.folderOf(to);
            if (folders.add(partition)) {
                disk.createFolders(partition);
            }
            disk.link(part.path(), to);
        }
        return new Linked(folders, deletions, PartSet.lastSequence(parts, deletions));
    }

    /**
     * A snapshot that was not finished would keep the files of its parts for ever. One that has its name already loses it before
     * anything else, so that a crash meanwhile leaves no half of it under that name.
     */
    private void discard(Path making, Path target, Exception because) {
        try {
            if (disk.exists(target)) {
                disk.rename(target, making);
                disk.syncFolder(DurableFiles.folderOf(target));
            }
            deleteSnapshot(making);
        } catch (StorageFailure e) {
            because.addSuppressed(e);
        }
    }
}
