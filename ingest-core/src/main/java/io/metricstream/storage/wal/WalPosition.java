package io.metricstream.storage.wal;

/**
 * A place between two records of the log.
 *
 * @param segment number of the segment
 * @param offsetBytes where in that segment's file the next record begins
 * @param sequence the sequence number of the next record
 */
public record WalPosition(long segment, long offsetBytes, long sequence) {
    /** Before the first record. */
    public static final WalPosition START = new WalPosition(0, 0, 0);
}
