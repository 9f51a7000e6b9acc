package io.metricstream.model;

import org.jspecify.annotations.Nullable;

/** The series that the refs of a batch speak of. Thread: any. */
public interface SeriesKeys {
    /** Knows no series. */
    SeriesKeys NONE = ref -> null;

    /** A copy of the key of this ref, or null where no series has it. */
    byte @Nullable [] key(int ref);
}
