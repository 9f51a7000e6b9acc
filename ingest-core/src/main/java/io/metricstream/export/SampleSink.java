package io.metricstream.export;

import io.metricstream.model.Series;
import io.metricstream.storage.StorageFailure;

/** Takes selected samples from a {@link SampleSource}; a failure of its own ends the reading. */
public interface SampleSink {
    /** A series comes before its samples, under a number that is its own within one reading; perhaps more than once. */
    void onSeries(int ref, Series series) throws StorageFailure;

    void onSample(int ref, long timestampMillis, double value) throws StorageFailure;
}
