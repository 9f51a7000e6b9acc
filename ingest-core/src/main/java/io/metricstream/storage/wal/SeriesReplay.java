package io.metricstream.storage.wal;

import io.metricstream.model.SeriesKey;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.head.SeriesTable;

/** Brings the series of the log back under their refs. */
@OwnedBy(Role.MAIN)
public final class SeriesReplay implements WalReplay {
    private final SeriesTable series;

    public SeriesReplay(SeriesTable series) {
        this.series = series;
    }

    /** A series is logged again where its first record was in a group that did not become durable. */
    @Override
    public void onSeries(int ref, @Borrowed byte[] key, int offset, int length) {
        long hash = SeriesKey.hash(key, offset, length);
        if (ref >= series.nextRef() && series.find(key, offset, length, hash) == SeriesTable.UNKNOWN) {
            series.restore(ref, key, offset, length, hash);
        }
    }

    @Override
    public void onSamples(
            int count, @Borrowed int[] refs, @Borrowed long[] timestampsMillis, @Borrowed double[] values) {
        // The log is their store.
    }
}
