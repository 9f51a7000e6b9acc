package io.metricstream.export;

import io.metricstream.select.Selection;
import io.metricstream.storage.StorageFailure;
import java.util.function.LongConsumer;

/** Writes what is selected of a source in some format, once. Thread: its creator. */
public interface SampleExport {
    /**
     * Writes everything; what could not be read of the source is the result.
     *
     * @param onProgress gets the bytes of storage that were read, piece by piece
     */
    SourceLoss run(SampleSource source, Selection selection, LongConsumer onProgress) throws StorageFailure;

    /** Samples written so far. */
    long samples();
}
