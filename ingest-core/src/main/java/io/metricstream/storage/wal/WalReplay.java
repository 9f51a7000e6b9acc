package io.metricstream.storage.wal;

import io.metricstream.own.Borrowed;
import io.metricstream.storage.StorageFailure;

/** Receives the log's records in the order in which they were written; a failure of its own ends the reading. */
public interface WalReplay {
    /** A series got this ref; may come again for the same ref with the same key. */
    void onSeries(int ref, @Borrowed byte[] key, int offset, int length) throws StorageFailure;

    /** The samples of one request; each ref was announced before. The arrays are reused after the call. */
    void onSamples(int count, @Borrowed int[] refs, @Borrowed long[] timestampsMillis, @Borrowed double[] values)
            throws StorageFailure;
}
