package io.metricstream.export;

import io.metricstream.model.Series;
import io.metricstream.select.Selection;
import io.metricstream.storage.StorageFailure;
import java.util.function.LongConsumer;

/**
 * Stored samples, wherever they are stored, to be read once from end to end in bounded memory.
 *
 * <p>Thread: one at a time.
 */
public interface SampleSource {
    /** Takes selected samples; a failure of its own ends the reading. */
    interface Sink {
        /** A series comes before its samples; its number is its own until another series comes under it. */
        void onSeries(int ref, Series series) throws StorageFailure;

        void onSample(int ref, long timestampMillis, double value) throws StorageFailure;
    }

    /** How much there is to read, in bytes of storage. */
    long sizeBytes() throws StorageFailure;

    /**
     * Gives the sink what is selected and was stored before the call, each sample as often as it is stored.
     *
     * @param onProgress gets the bytes of storage that were read, piece by piece
     * @return how much could not be given because storage is damaged
     */
    SourceLoss read(Selection selection, Sink sink, LongConsumer onProgress) throws StorageFailure;
}
