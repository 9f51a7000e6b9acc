package io.metricstream.storage.wal;

import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.SegmentFiles.Segment;

/** What a walk through the log comes across, in order. */
interface WalVisitor {
    /** A whole record; its payload lies in the array until the call returns. */
    void onRecord(byte type, byte[] bytes, int payloadAt, int payloadLength) throws StorageFailure;

    /** Found once it is clear what it means, so after later records. */
    void onDamage(WalDamage damage);

    /** A segment was read to its end; records end at this offset. */
    void onSegmentEnd(Segment segment, long recordsEnd, long sizeBytes, boolean anyRecord);

    /** So many more bytes were read. */
    void onProgress(long bytes);
}
