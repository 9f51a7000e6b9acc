package io.metricstream.storage.part;

/**
 * What is in a part. Where there is no sample, no file was made, and the times are those of no range.
 *
 * @param series the number of label sets
 * @param samples the number of samples
 * @param bytes the size of the file
 * @param minMillis time of the earliest sample, in ms since 1970
 * @param maxMillis time of the latest sample, in ms since 1970
 */
public record PartSummary(long series, long samples, long bytes, long minMillis, long maxMillis) {
    /** Of no samples. */
    static final PartSummary NOTHING = new PartSummary(0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);
}
