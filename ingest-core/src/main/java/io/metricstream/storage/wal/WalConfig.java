package io.metricstream.storage.wal;

/**
 * Settings of the log.
 *
 * @param durability what a commit waits for
 * @param segmentBytes size of a segment, preallocated, in bytes
 */
public record WalConfig(Durability durability, long segmentBytes) {
    public static final long DEFAULT_SEGMENT_BYTES = 64L << 20;
    public static final long MIN_SEGMENT_BYTES = 64 << 10;
    public static final long MAX_SEGMENT_BYTES = 1L << 30;

    public WalConfig {
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
            throw new IllegalArgumentException("wal.segment: found " + segmentBytes + ", wanted " + MIN_SEGMENT_BYTES
                    + " to " + MAX_SEGMENT_BYTES);
        }
    }
}
