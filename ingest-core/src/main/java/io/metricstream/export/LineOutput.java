package io.metricstream.export;

import io.metricstream.own.Borrowed;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;

/** Where lines go. */
@FunctionalInterface
public interface LineOutput {
    /** Writes all that remains in the buffer, which ends with a line's end. */
    void write(@Borrowed ByteBuffer lines) throws StorageFailure;
}
