package io.metricstream.select;

import io.metricstream.storage.StorageFailure;

/**
 * The samples of one series, run by run in order of time; all times of a run are later than those of the runs before,
 * ascending, each once, and within the selection.
 *
 * <p>What a run is depends on how its samples are stored; a run that was stored with a summary can be passed over without
 * being decoded. Values keep all their bits (stale markers are NaN with a payload).
 *
 * <p>Thread: that of its cursor. Order: {@link #next} first; {@link #timestampsMillis} and {@link #values} decode the run
 * when first called and are valid until the next {@link #next} of these runs or of the cursor.
 * Fails: {@link StorageFailure} where what is stored cannot be read or is damaged, naming the file.
 */
public interface SampleRuns {
    /** Moves to the next run, of at least one sample; false after the last. */
    boolean next() throws StorageFailure;

    /** Samples in this run. */
    int count() throws StorageFailure;

    /** Time of the run's first sample. */
    long firstMillis() throws StorageFailure;

    /** Time of the run's last sample. */
    long lastMillis() throws StorageFailure;

    /** Whether {@link #min}, {@link #max} and {@link #sum} are known without decoding; never where a value is NaN. */
    boolean isSummarized();

    double min();

    double max();

    double sum();

    /**
     * Whether the values are whole numbers of which {@link #sum} is the sum to the last bit, in whatever order they are added;
     * asked where the run is summarized.
     */
    boolean isSumExact();

    /** The times; the first {@link #count} elements. */
    long[] timestampsMillis() throws StorageFailure;

    /** The values; the first {@link #count} elements. */
    double[] values() throws StorageFailure;
}
