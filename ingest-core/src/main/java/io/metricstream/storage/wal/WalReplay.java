package io.metricstream.storage.wal;

import io.metricstream.own.Borrowed;
import io.metricstream.storage.StorageFailure;

/** Receives the log's records in the order in which they were written; a failure of its own ends the reading. */
public interface WalReplay {
    /** From here on this ref means this series, whatever it meant before. */
    void onSeries(int ref, @Borrowed byte[] key, int offset, int length) throws StorageFailure;

    /** The samples of the record with this number; each ref was announced before. The arrays are reused after the call. */
    void onSamples(
            long sequence,
            int count,
            @Borrowed int[] refs,
            @Borrowed long[] timestampsMillis,
            @Borrowed double[] values)
            throws StorageFailure;
}
