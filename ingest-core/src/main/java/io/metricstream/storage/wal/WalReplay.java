package io.metricstream.storage.wal;

import io.metricstream.own.Borrowed;

/** Receives the log's records in the order in which they were written. */
public interface WalReplay {
    /** A series got this ref; may come again for the same ref with the same key. */
    void onSeries(int ref, @Borrowed byte[] key, int offset, int length);

    /** The samples of one request; each ref was announced before. The arrays are reused after the call. */
    void onSamples(int count, @Borrowed int[] refs, @Borrowed long[] timestampsMillis, @Borrowed double[] values);
}
