package io.metricstream.repair;

import io.metricstream.export.StoredFolder;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.Quarantine;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.part.PartRescue;
import io.metricstream.storage.store.StoredParts;
import io.metricstream.storage.wal.Checkpoint;
import io.metricstream.storage.wal.WalPosition;
import io.metricstream.storage.wal.WalRepair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sets aside what is damaged in a data folder, so that what is left is whole.
 *
 * <p>Thread: its creator. Order: the caller holds the folder's lock. Each step is durable and may be interrupted: the next
 * repair finds what is left to do. Fails: {@link StorageFailure} where files cannot be read or written; where one is of a
 * newer version, before anything is changed.
 */
@OwnedBy(Role.MAIN)
public final class FolderRepair {
    private final Disk disk;
    private final Path dataFolder;
    private final Quarantine quarantine;

    private FolderRepair(Disk disk, Path dataFolder) {
        this.disk = disk;
        this.dataFolder = dataFolder;
        this.quarantine = new Quarantine(disk, dataFolder);
    }

    /**
     * A damaged file, and where it is now.
     *
     * @param to it, or a copy of it
     * @param keptSamples those that could be read of a part, and are in a part in its place
     */
    public record SetAside(DamagedFile file, Path to, long keptSamples) {
        /** What is gone with the file, as far as is known. */
        public String loss() {
            return file.loss(keptSamples);
        }

        /** How many samples are gone, as far as is known. */
        public long lostSamples() {
            return file.part().map(part -> part.samples() - keptSamples).orElse(0L);
        }
    }

    /**
     * What was found and done.
     *
     * @param found as it was before
     * @param setAside the files of it that are damaged as a whole; what the log lost is in {@code found}
     */
    public record Outcome(FolderCheck found, List<SetAside> setAside) {}

    /** Repairs a folder; where nothing is damaged, nothing is changed. */
    public static Outcome repair(Disk disk, Path dataFolder) throws StorageFailure {
        return new FolderRepair(disk, dataFolder).repair();
    }

    private Outcome repair() throws StorageFailure {
        FolderCheck found;
        long lastKnown;
        long firstLogged;
        try (StoredFolder folder = StoredFolder.open(disk, dataFolder)) {
            found = FolderCheck.of(folder);
            lastKnown = StoredParts.lastSequence(folder.files(), dataFolder, folder.partFiles());
            firstLogged = folder.firstLogged();
        }
        var setAside = new ArrayList<SetAside>();
        for (DamagedFile file : found.damaged()) {
            setAside.add(setAside(file));
        }
        Optional<WalPosition> logStart = Optional.empty();
        if (found.log().isDamaged() || firstLogged < 0) {
            logStart = WalRepair.repair(disk, dataFolder, firstLogged).first();
        }
        if (firstLogged < 0) {
            checkpoint(logStart, lastKnown).write(disk, dataFolder);
        } else if (logStart.isPresent() && logStart.get().sequence() > firstLogged) {
            // Nothing has the records before it any more, so nobody shall miss them again.
            checkpoint(logStart, lastKnown).write(disk, dataFolder);
        }
        return new Outcome(found, setAside);
    }

    private SetAside setAside(DamagedFile file) throws StorageFailure {
        String name = file.path().getFileName().toString();
        return switch (file.kind()) {
            case PART -> rescue(file);
            case DELETIONS -> new SetAside(file, quarantine.moveIn(file.path(), name), 0);
            // It stays until another takes its place, for without one the log would seem to have lost its beginning.
            case CHECKPOINT -> new SetAside(file, quarantine.copyIn(file.path(), 0, Long.MAX_VALUE, name), 0);
        };
    }

    private SetAside rescue(DamagedFile file) throws StorageFailure {
        PartRescue.Rescued rescued =
                PartRescue.rescue(disk, file.path(), quarantine, StoredParts.quarantineName(file.path()));
        if (rescued.keptSamples() == 0) {
            disk.delete(file.path());
            disk.syncFolder(DurableFiles.folderOf(file.path()));
        }
        return new SetAside(file, rescued.setAside(), rescued.keptSamples());
    }

    /** What is not in the log is in parts; without a log, all is. */
    private static Checkpoint checkpoint(Optional<WalPosition> logStart, long lastKnown) {
        return logStart.map(first -> new Checkpoint(first.sequence() - 1, first.segment()))
                .orElseGet(() -> new Checkpoint(lastKnown, 0));
    }
}
