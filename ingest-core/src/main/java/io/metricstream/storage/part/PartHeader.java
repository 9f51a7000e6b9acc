package io.metricstream.storage.part;

/**
 * What a part says of itself.
 *
 * @param origin where its samples come from
 * @param minMillis the earliest time of a sample
 * @param maxMillis the latest
 * @param series how many series it has
 * @param samples how many samples
 * @param bytes the length of its file
 */
public record PartHeader(Origin origin, long minMillis, long maxMillis, int series, long samples, long bytes) {
    /**
     * Where the samples of a part come from.
     *
     * @param partitionStartMillis the first time of its partition
     * @param partitionSpanMillis how long the partition is
     * @param firstSequence the first record of the log whose samples may be in it
     * @param lastSequence the last one
     * @param lastDeletion the newest deletion that was applied to it; 0 for none
     */
    public record Origin(
            long partitionStartMillis,
            long partitionSpanMillis,
            long firstSequence,
            long lastSequence,
            long lastDeletion) {}
}
