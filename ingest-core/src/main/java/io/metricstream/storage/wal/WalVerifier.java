package io.metricstream.storage.wal;

import io.metricstream.own.Borrowed;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Checks every record of a data folder and changes nothing; a server may be writing to it meanwhile. Stateless. */
public final class WalVerifier {
    private static final WalReplay NOTHING = new WalReplay() {
        @Override
        public void onSeries(int ref, @Borrowed byte[] key, int offset, int length) {
            // Counted by the walk.
        }

        @Override
        public void onSamples(
                long sequence,
                int count,
                @Borrowed int[] refs,
                @Borrowed long[] timestampsMillis,
                @Borrowed double[] values) {
            // Counted by the walk.
        }
    };

    private WalVerifier() {}

    /** Reads all of the log; {@code onProgress} gets the bytes read, piece by piece. */
    public static RecoveryReport verify(Disk disk, Path dataFolder, LongConsumer onProgress) throws StorageFailure {
        var survey = new WalSurvey(new WalReader.Records(NOTHING, onProgress));
        var files = new SegmentFiles(disk, WalReader.folder(dataFolder));
        new WalWalk(files, WalPosition.START, survey).walkTo(null);
        return survey.report();
    }

    /** What {@link #verify} has to read, in bytes. */
    public static long sizeBytes(Disk disk, Path dataFolder) throws StorageFailure {
        return new SegmentFiles(disk, WalReader.folder(dataFolder)).sizeBytes();
    }
}
