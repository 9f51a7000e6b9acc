package io.metricstream.storage;

import io.metricstream.own.Borrowed;
import java.nio.ByteBuffer;

/** One open file of a {@link Disk}; used by one thread at a time. */
public interface DiskFile extends AutoCloseable {
    /** Writes all that remains in the buffer at this offset. */
    void write(@Borrowed ByteBuffer from, long offsetBytes) throws StorageFailure;

    /** Reads what is there, at most what remains in the buffer; returns the bytes read, or -1 at the end. */
    int read(@Borrowed ByteBuffer to, long offsetBytes) throws StorageFailure;

    /** Reads from this offset on until the buffer is full or the file ends. */
    default void readUpTo(@Borrowed ByteBuffer to, long offsetBytes) throws StorageFailure {
        long at = offsetBytes;
        int read = 0;
        while (to.hasRemaining() && read >= 0) {
            read = read(to, at);
            at += read;
        }
    }

    /** Makes all that was written durable. */
    void force() throws StorageFailure;

    void truncate(long sizeBytes) throws StorageFailure;

    long size() throws StorageFailure;

    @Override
    void close() throws StorageFailure;
}
