package io.metricstream.select;

import io.metricstream.storage.StorageFailure;

/** Something that has samples, series by series. Thread: as whoever is one says. */
public interface Selectable {
    /** The selected series with their samples; the caller closes it. */
    SeriesCursor select(Selection selection) throws StorageFailure;
}
