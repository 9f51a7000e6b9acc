package io.metricstream.export;

/**
 * What was stored and could not be read.
 *
 * @param damages places where storage is damaged; {@code metricstream verify} lists them
 * @param orphanSamples samples that were read and whose series is not known
 */
public record SourceLoss(long damages, long orphanSamples) {
    /** Everything could be read. */
    public static final SourceLoss NONE = new SourceLoss(0, 0);

    public boolean isNone() {
        return equals(NONE);
    }
}
