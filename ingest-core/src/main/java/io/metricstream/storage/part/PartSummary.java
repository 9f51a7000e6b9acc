package io.metricstream.storage.part;

/**
 * What was written to a part.
 *
 * @param series how many series
 * @param samples how many samples; with none there is no file
 * @param bytes the length of the file
 */
public record PartSummary(int series, long samples, long bytes) {
    static final PartSummary NOTHING = new PartSummary(0, 0, 0);
}
