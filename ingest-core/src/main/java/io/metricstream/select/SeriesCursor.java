package io.metricstream.select;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.storage.StorageFailure;

/**
 * Selected series one after the other, in label order ({@link io.metricstream.model.SeriesKey#compareByLabels}), each
 * with at least one sample in the selection. Each label set comes once, under whatever types it was written.
 *
 * <p>Thread: one at a time, also another than the one that opened it. Owns: a counted reference to what it reads from, until {@link #close}.
 * Order: {@link #next} first; everything else speaks of the current series.
 */
public interface SeriesCursor extends AutoCloseable {
    /** Moves to the next series; false after the last. */
    boolean next() throws StorageFailure;

    /** The current series' key ({@link io.metricstream.model.SeriesKey}), from index 0; valid until the next series. */
    byte[] key();

    /** The key's length in bytes; the array may be longer. */
    int keyLength();

    /** The labels, the metric's name among them; made when asked for. */
    Labels labels();

    /** The declared type; where the same labels were written under several, the newest known. */
    MetricType type();

    /** The samples of the current series, from the first one on; asked again, they begin again. */
    SampleRuns samples() throws StorageFailure;

    @Override
    void close();
}
