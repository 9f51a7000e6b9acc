package io.metricstream.repair;

import io.metricstream.export.StoredFolder;
import io.metricstream.repair.DamagedFile.Kind;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.part.Part;
import io.metricstream.storage.part.PartHeader;
import io.metricstream.storage.part.PartVerifier;
import io.metricstream.storage.store.StoredParts;
import io.metricstream.storage.wal.Checkpoint;
import io.metricstream.storage.wal.RecoveryReport;
import io.metricstream.storage.wal.WalVerifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What reading every byte of a data folder has found: parts, deletions, checkpoint and log.
 *
 * @param parts how many parts there are
 * @param damaged the files that are damaged as a whole, in order
 * @param log what is in the log, and what is wrong with it
 */
public record FolderCheck(int parts, List<DamagedFile> damaged, RecoveryReport log) {
    public FolderCheck {
        damaged = List.copyOf(damaged);
    }

    /** Reads everything and changes nothing. Fails where files cannot be read, or are of a newer version. */
    public static FolderCheck of(StoredFolder folder) throws StorageFailure {
        var damaged = new ArrayList<DamagedFile>();
        int parts = 0;
        for (Path file : folder.partFiles()) {
            if (StoredParts.isPart(file)) {
                parts++;
                List<String> reasons = PartVerifier.verify(folder.files(), file);
                if (!reasons.isEmpty()) {
                    damaged.add(new DamagedFile(file, Kind.PART, reasons, header(folder.files(), file)));
                }
            }
        }
        StoredParts.deletionsDamage(folder.files(), folder.path())
                .ifPresent(reason -> damaged.add(whole(StoredParts.deletions(folder.path()), Kind.DELETIONS, reason)));
        folder.checkpointDamage()
                .ifPresent(reason -> damaged.add(whole(Checkpoint.path(folder.path()), Kind.CHECKPOINT, reason)));
        return new FolderCheck(
                parts, damaged, WalVerifier.verify(folder.files(), folder.path(), folder.firstLogged(), bytes -> {}));
    }

    /** Whether anything that was stored cannot be read as it was; the unfinished end of a write is no damage. */
    public boolean isDamaged() {
        return !damaged.isEmpty() || log.isDamaged();
    }

    private static DamagedFile whole(Path path, Kind kind, String reason) {
        return new DamagedFile(path, kind, List.of(reason), Optional.empty());
    }

    private static Optional<PartHeader> header(Disk disk, Path file) throws StorageFailure {
        try (Part part = Part.open(disk, file)) {
            return Optional.of(part.header());
        } catch (StorageFailure.Corrupt unreadable) {
            return Optional.empty();
        }
    }
}
