package io.metricstream.storage.wal;

import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.SegmentFiles.Segment;

/** What a walk through the log comes across, in order. */
interface WalVisitor {
    /** A whole series or samples record, in the array until the call returns; the position is where it begins. */
    void onRecord(byte[] bytes, int at, WalPosition position) throws StorageFailure;

    /** A gap record: damage that an earlier recovery has mended. */
    void onGap();

    /** Found once it is clear what it means, so after later records. */
    void onDamage(WalDamage damage);

    /** A segment of this log was read to its end. */
    void onSegmentEnd(SegmentEnd end);

    /** So many more bytes were read. */
    void onProgress(long bytes);

    /**
     * The end of a segment.
     *
     * @param logId the id in its header, or 0 where the header is broken
     * @param recordsEnd where in the file its last record ends, or would begin
     * @param anyRecord whether there is one
     * @param ended whether the last one is an end record
     * @param unreadable whether the disk did not give all of it
     */
    record SegmentEnd(
            Segment segment,
            long logId,
            long recordsEnd,
            long sizeBytes,
            boolean anyRecord,
            boolean ended,
            boolean unreadable) {}
}
