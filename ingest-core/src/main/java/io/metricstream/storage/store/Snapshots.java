package io.metricstream.storage.store;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.Checkpoint;
import java.nio.file.Path;
import java.util.TreeSet;

/**
 * Makes snapshots: hard links of every part, the deletions in force, and a checkpoint that says that no log is wanted, in a
 * folder that a server can be started on.
 *
 * <p>Thread: the one that asked. A snapshot is made under a temporary name and renamed when it is durable.
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
                Path parts = PartFiles.folder(snapshot);
                if (disk.exists(parts)) {
                    for (Path partition : disk.list(parts)) {
                        deleteFolder(partition);
                    }
                }
                deleteFolder(parts);
                deleteFolder(snapshot);
            }
        }
        disk.syncFolder(folder);
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
        DurableFiles.makeFolders(disk, making);
        set.whileStill((parts, deletions) -> {
            var folders = new TreeSet<Path>();
            for (LivePart part : parts) {
                Path to = making.resolve(dataFolder.relativize(part.path()));
                Path partition = DurableFiles.folderOf(to);
                if (folders.add(partition)) {
                    DurableFiles.makeFolders(disk, partition);
                }
                disk.link(part.path(), to);
            }
            for (Path partition : folders) {
                disk.syncFolder(partition);
            }
            deletions.save(disk, making);
            new Checkpoint(PartSet.lastSequence(parts, deletions), 0).write(disk, making);
        });
        disk.syncFolder(making);
        disk.rename(making, target);
        disk.syncFolder(folder);
        return target;
    }
}
