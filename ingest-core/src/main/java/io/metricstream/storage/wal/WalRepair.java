package io.metricstream.storage.wal;

import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.Optional;

/** Mends the log of a data folder that no server uses, as a start would, and opens nothing. Stateless. */
public final class WalRepair {
    private WalRepair() {}

    /**
     * What was found.
     *
     * @param found what was damaged, and is mended now
     * @param first where the part of the log begins that may be in no part; empty where there is no log
     */
    public record Repaired(RecoveryReport found, Optional<WalPosition> first) {}

    /**
     * Reads all of the log and mends it. Fails on a format version that this program does not know, before anything is
     * changed, and where the folder cannot be read or files cannot be written.
     *
     * @param firstWanted the number of the first record that is in no part; -1 where that is not known
     */
    public static Repaired repair(Disk disk, Path dataFolder, long firstWanted) throws StorageFailure {
        var survey = new WalSurvey(new WalReader.Records(WalVerifier.NOTHING, firstWanted, bytes -> {}));
        var files = new SegmentFiles(disk, WalReader.folder(dataFolder));
        WalWalk walk = WalWalk.throughAll(files, firstWanted, survey);
        long unused = new WalMender(disk, dataFolder, WalRecovery.idOf(walk))
                .mend(survey.ends(), survey.damage(), walk.position().sequence());
        return new Repaired(survey.report(), first(survey));
    }

    /**
     * An epoch whose beginning was deleted is in parts as a whole; it shows by series that no record names. Where records
     * were lost to damage, that may be why, and nothing is left out.
     */
    private static Optional<WalPosition> first(WalSurvey survey) {
        boolean beginsWithinEpoch =
                survey.report().orphanSamples() > 0 && !survey.report().isAnythingLost();
        return survey.epochs().stream()
                .skip(beginsWithinEpoch && survey.epochs().size() > 1 ? 1 : 0)
                .findFirst();
    }
}
