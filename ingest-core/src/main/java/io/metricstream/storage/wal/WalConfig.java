package io.metricstream.storage.wal;

/**
 * Settings of the log.
 *
 * @param durability what a commit waits for
 * @param segmentBytes size of a segment, preallocated, in bytes
 * @param reserveBytes what is left free of the disk, for all but the log to use
 */
public record WalConfig(Durability durability, long segmentBytes, long reserveBytes) {
    public static final long DEFAULT_SEGMENT_BYTES = 64L << 20;
    public static final long MIN_SEGMENT_BYTES = 64 << 10;
    public static final long MAX_SEGMENT_BYTES = 1L << 30;

    public WalConfig {
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
            throw new IllegalArgumentException("wal.segment: found " + segmentBytes + ", wanted " + MIN_SEGMENT_BYTES
                    + " to " + MAX_SEGMENT_BYTES);
        }
        if (reserveBytes < 0) {
            throw new IllegalArgumentException("disk.reserve: found less than 0, wanted 0 or more");
        }
    }
}
