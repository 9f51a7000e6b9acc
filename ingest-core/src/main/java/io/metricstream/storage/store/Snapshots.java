package io.metricstream.storage.store;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.TreeSet;

/**
 * Makes snapshots: hard links of every part, and the deletions in force, in a folder that a server can be started on.
 *
 * <p>Thread: the one that asked. A snapshot is made under a temporary name and renamed when it is durable.
 */
@OwnedBy(Role.QUERY)
final class Snapshots {
    private final Disk disk;
    private final Path dataFolder;

    Snapshots(Disk disk, Path dataFolder) {
        this.disk = disk;
        this.dataFolder = dataFolder;
    }

    Path take(String name, PartSet set) throws StorageFailure {
        Path folder = dataFolder.resolve("snapshots");
        Path target = folder.resolve(name);
        Path making = folder.resolve(name + ".tmp");
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
        });
        disk.syncFolder(making);
        disk.rename(making, target);
        disk.syncFolder(folder);
        return target;
    }
}
