package io.metricstream.export;

/**
 * What was stored and could not be read.
 *
 * @param damages places where storage is damaged; {@code metricstream verify} lists them
 * @param orphanSamples samples that were read and whose series is not known
 */
public record SourceLoss(long damages, long orphanSamples) {
    public boolean isNone() {
        return damages == 0 && orphanSamples == 0;
    }
}
