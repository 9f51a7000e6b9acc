package io.metricstream.promql.engine;

import io.metricstream.promql.function.Samples;

/**
 * What a query took.
 *
 * @param samplesRead stored samples that were read, those of a repeated range once
 * @param peakBytes the most memory that was held at a time
 * @param preparationNanos to make operators of the text
 * @param evaluationNanos to run them
 * @param sortNanos to order the series
 */
public record QueryStats(
        long samplesRead, long peakBytes, long preparationNanos, long evaluationNanos, long sortNanos) {
    /** How many samples that memory has room for. */
    public long peakSamples() {
        return peakBytes / Samples.BYTES;
    }
}
