package io.metricstream.export;

import io.metricstream.select.Selection;
import io.metricstream.storage.StorageFailure;
import java.util.function.LongConsumer;

/**
 * Stored samples, wherever they are stored, to be read once from end to end in bounded memory.
 *
 * <p>Thread: one at a time.
 */
public interface SampleSource {
    /** How much there is to read, in bytes of storage. */
    long sizeBytes() throws StorageFailure;

    /**
     * Gives the sink what is selected and was stored before the call, each sample as often as it is stored.
     *
     * @param onProgress gets the bytes of storage that were read, piece by piece
     * @return how much could not be given because storage is damaged
     */
    SourceLoss read(Selection selection, SampleSink sink, LongConsumer onProgress) throws StorageFailure;
}
