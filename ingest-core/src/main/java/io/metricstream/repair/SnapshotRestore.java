package io.metricstream.repair;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.store.StoredParts;
import io.metricstream.storage.wal.Checkpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * Makes a data folder of a snapshot: its parts by hard links, or copies where links cannot be, for parts never change; its
 * deletions and its checkpoint as copies.
 *
 * <p>A file {@code restore-unfinished} lies in the folder until all of it is durable; a folder that has it is no data
 * folder, and another restore into it begins anew.
 *
 * <p>Thread: its creator, who holds the lock of the target. Fails: {@link StorageFailure}, which leaves the target unfinished.
 */
@OwnedBy(Role.MAIN)
public final class SnapshotRestore {
    private static final String UNFINISHED = "restore-unfinished";
    /**
     * What a folder may have that counts as empty: its own lock, what some file systems have at their root, and what is left of
     * a restore that had not begun.
     */
    private static final Set<String> NOTHING = Set.of("lock", "lost+found", UNFINISHED + DurableFiles.TEMPORARY);

    private static final int PIECE_BYTES = 1 << 20;

    private final Disk disk;
    private final Path snapshot;
    private final Path target;
    private final LongConsumer onProgress;
    private long linked;
    private long copied;

    private SnapshotRestore(Disk disk, Path snapshot, Path target, LongConsumer onProgress) {
        this.disk = disk;
        this.snapshot = snapshot;
        this.target = target;
        this.onProgress = onProgress;
    }

    /** How the parts came into the folder. */
    public record Restored(long linkedParts, long copiedParts) {}

    /** Whether a folder was left by a restore that did not come to its end. */
    public static boolean isUnfinished(Disk disk, Path folder) {
        return disk.exists(folder.resolve(UNFINISHED));
    }

    /** Whether a folder can be restored into: it has nothing, or only what an unfinished restore left. */
    public static boolean isFree(Disk disk, Path target) throws StorageFailure {
        return !disk.exists(target)
                || isUnfinished(disk, target)
                || disk.list(target).stream()
                        .allMatch(path -> NOTHING.contains(path.getFileName().toString()));
    }

    /**
     * Makes the data folder, durably.
     *
     * @param target {@link #isFree}
     * @param onProgress gets the bytes of each part that is there
     */
    public static Restored restore(Disk disk, Path snapshot, Path target, LongConsumer onProgress)
            throws StorageFailure {
        return new SnapshotRestore(disk, snapshot, target, onProgress).run();
    }

    private Restored run() throws StorageFailure {
        DurableFiles.write(
                disk,
                target.resolve(UNFINISHED),
                ByteBuffer.wrap(("of " + snapshot + "\n").getBytes(StandardCharsets.UTF_8)));
        deleteEarlierAttempt();
        DurableFiles.makeFolders(disk, target.resolve("parts"));
        var folders = new TreeSet<Path>();
        for (Path file : StoredParts.files(disk, snapshot)) {
            Path to = target.resolve(snapshot.relativize(file));
            if (StoredParts.isPart(file)) {
                Path folder = DurableFiles.folderOf(to);
                if (folders.add(folder)) {
                    DurableFiles.makeFolders(disk, folder);
                }
                bring(file, to);
            } else {
                copy(file, to);
            }
        }
        for (Path folder : folders) {
            disk.syncFolder(folder);
        }
        copy(Checkpoint.path(snapshot), Checkpoint.path(target));
        disk.syncFolder(target);
        disk.delete(target.resolve(UNFINISHED));
        disk.syncFolder(target);
        return new Restored(linked, copied);
    }

    /** A snapshot that was copied here may not be durable yet, so the linked file is forced too. */
    private void bring(Path file, Path to) throws StorageFailure {
        boolean isLinked = tryLink(file, to);
        if (!isLinked) {
            copy(file, to);
        }
        try (DiskFile there = disk.openRead(to)) {
            there.force();
            onProgress.accept(there.size());
        }
        linked += isLinked ? 1 : 0;
        copied += isLinked ? 0 : 1;
    }

    /** False where the file system has no links, or the snapshot is on another one. */
    private boolean tryLink(Path file, Path to) {
        try {
            disk.link(file, to);
            return true;
        } catch (StorageFailure noLink) {
            return false;
        }
    }

    private void copy(Path file, Path to) throws StorageFailure {
        try (DiskFile from = disk.openRead(file)) {
            DurableFiles.write(disk, to, copy -> copy(from, copy));
        }
    }

    private static void copy(DiskFile from, DiskFile to) throws StorageFailure {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        long done = 0;
        while (from.read(piece.clear(), done) > 0) {
            int read = piece.flip().remaining();
            to.write(piece, done);
            done += read;
        }
    }

    private void deleteEarlierAttempt() throws StorageFailure {
        Path parts = target.resolve("parts");
        var folders = new ArrayList<Path>();
        if (disk.exists(parts)) {
            folders.addAll(disk.list(parts));
        }
        for (Path folder : folders) {
            for (Path file : disk.list(folder)) {
                disk.delete(file);
            }
            disk.delete(folder);
        }
        for (Path file : List.of(StoredParts.deletions(target), Checkpoint.path(target))) {
            disk.delete(file);
        }
        disk.syncFolder(target);
    }
}
