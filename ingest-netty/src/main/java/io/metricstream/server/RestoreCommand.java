package io.metricstream.server;

import io.metricstream.export.StoredFolder;
import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.repair.FolderCheck;
import io.metricstream.repair.SnapshotRestore;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.FolderLock;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.Checkpoint;
import io.metricstream.storage.wal.WalReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a data folder of a snapshot. */
@Command(
        name = "restore",
        description =
                "Makes a data folder of a snapshot, after checking the snapshot to the last byte. On one file system"
                        + " that costs hard links, elsewhere a copy. The snapshot stays as it is. When it is done, the folder is"
                        + " durable; one that was interrupted is refused by every command until it is restored again.")
@OwnedBy(Role.MAIN)
final class RestoreCommand implements Callable<Integer> {
    private static final int MIB_SHIFT = 20;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SNAPSHOT", description = "A snapshot, or a copy of one.")
    private Path snapshot;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "The data folder to make; it must not be there, or be empty.")
    private Path data;

    @Override
    public Integer call() throws CommandFailure {
        var disk = new RealDisk();
        Path from = snapshot.toAbsolutePath().normalize();
        Path target = data.toAbsolutePath().normalize();
        try {
            if (!disk.exists(Checkpoint.path(from))
                    || DataFolders.unfinished(from).isPresent()) {
                throw CommandFailure.failed(from + ": found no finished snapshot in it");
            }
            if (!WalReader.segments(disk, from).isEmpty()) {
                throw CommandFailure.failed(from + ": found a log in it, wanted a snapshot; a server has run on it,"
                        + " so stop that in order or start it there again");
            }
            if (!SnapshotRestore.isFree(disk, target)) {
                throw CommandFailure.failed(
                        "--data: " + target + ": found files in it, wanted an empty folder or none");
            }
            DurableFiles.makeFolders(disk, target);
            try (FolderLock lock = FolderLock.tryTake(target)) {
                if (lock == null) {
                    throw CommandFailure.failed("--data: " + target + " is in use by another process");
                }
                return restore(disk, from, target);
            }
        } catch (StorageFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }

    private int restore(Disk disk, Path from, Path target) throws StorageFailure {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        long bytes;
        try (StoredFolder folder = StoredFolder.open(disk, from)) {
            FolderCheck check = FolderCheck.of(folder);
            if (check.isDamaged()) {
                DamageText.of(check).forEach(out::println);
                out.println("damaged: nothing was restored");
                out.flush();
                return ExitCode.DAMAGE;
            }
            bytes = folder.parts().bytes();
        }
        long[] done = new long[1];
        try (Progress progress =
                Progress.of("restore", " MiB", Math.max(1, bytes >> MIB_SHIFT), err, NanoClock.system())) {
            SnapshotRestore.Restored restored = SnapshotRestore.restore(disk, from, target, more -> {
                done[0] += more;
                progress.at(done[0] >> MIB_SHIFT, "");
            });
            out.println("restored " + target + ": parts=" + (restored.linkedParts() + restored.copiedParts())
                    + ", linked=" + restored.linkedParts() + ", copied=" + restored.copiedParts() + ", bytes=" + bytes);
            out.flush();
        }
        return ExitCode.OK;
    }
}
