package io.metricstream.storage.part;

/**
 * What a part is, as its file says.
 *
 * @param origin what it was made for
 * @param summary what is in it
 */
public record PartHeader(Origin origin, PartSummary summary) {
    /**
     * What a part is made for, known before it is written.
     *
     * @param partitionStartMillis the first time of its partition
     * @param partitionSpanMillis how long the partition is
     * @param firstSequence the first record of the log that may have contributed
     * @param lastSequence the last one
     * @param lastDeletion the newest deletion that was applied to what is in it; 0 where none was
     */
    public record Origin(
            long partitionStartMillis,
            long partitionSpanMillis,
            long firstSequence,
            long lastSequence,
            long lastDeletion) {}

    public long partitionStartMillis() {
        return origin.partitionStartMillis();
    }

    public long partitionSpanMillis() {
        return origin.partitionSpanMillis();
    }

    public long firstSequence() {
        return origin.firstSequence();
    }

    public long lastSequence() {
        return origin.lastSequence();
    }

    public long lastDeletion() {
        return origin.lastDeletion();
    }

    public long series() {
        return summary.series();
    }

    public long samples() {
        return summary.samples();
    }

    /** The size of the file. */
    public long bytes() {
        return summary.bytes();
    }

    /** Time of the earliest sample. */
    public long minMillis() {
        return summary.minMillis();
    }

    /** Time of the latest sample. */
    public long maxMillis() {
        return summary.maxMillis();
    }
}
