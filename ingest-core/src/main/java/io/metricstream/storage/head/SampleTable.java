package io.metricstream.storage.head;

import io.metricstream.model.SeriesKey;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Selectable;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;

/**
 * Samples that are in memory for a while, in whatever order they came, to be asked as stored ones are; of equal times the one
 * that came last counts.
 *
 * <p>Thread: its creator. Limits: none of its own; about 18 bytes a sample, and a few hundred a series.
 */
@OwnedBy(Role.MAIN)
public final class SampleTable implements Selectable {
    private final SeriesTable series = new SeriesTable(SeriesLimits.NONE);
    private final Memtable samples = new Memtable(new HeadIndex(series), new PagePool(0), 0);
    private final int[] ref = new int[1];
    private final long[] timeMillis = new long[1];
    private final double[] value = new double[1];

    /** The number of the series with this key, which is new or known. */
    public int series(@Borrowed byte[] key) {
        long hash = SeriesKey.hash(key, 0, key.length);
        int known = series.find(key, 0, key.length, hash);
        return known >= 0 ? known : series.addBeyondLimits(key, 0, key.length, hash);
    }

    /** Adds a sample of a series by its number. */
    public void add(int ofSeries, long timestampMillis, double sample) {
        ref[0] = ofSeries;
        timeMillis[0] = timestampMillis;
        value[0] = sample;
        samples.append(ref, timeMillis, value, 1, first -> {});
    }

    @Override
    public SeriesCursor select(Selection selection) {
        return samples.select(selection);
    }
}
