package io.metricstream.storage.wal;

import io.metricstream.own.Borrowed;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Checks every record of a data folder and changes nothing; a server may be writing to it meanwhile. Stateless. */
public final class WalVerifier {
    static final WalReplay NOTHING = new WalReplay() {
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

    /**
     * Reads all of the log.
     *
     * @param firstWanted the number of the first record that is in no part; -1 where that is not known
     * @param onProgress gets the bytes read, piece by piece
     */
    public static RecoveryReport verify(Disk disk, Path dataFolder, long firstWanted, LongConsumer onProgress)
            throws StorageFailure {
        var survey = new WalSurvey(new WalReader.Records(NOTHING, firstWanted, onProgress));
        var unused = WalWalk.throughAll(new SegmentFiles(disk, WalReader.folder(dataFolder)), firstWanted, survey);
        return survey.report();
    }
}
