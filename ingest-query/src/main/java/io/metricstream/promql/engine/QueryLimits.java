package io.metricstream.promql.engine;

import java.time.Duration;

/**
 * What one query may take.
 *
 * @param samples samples that are read, those of a repeated selector once
 * @param memoryBytes what it collects at a time
 * @param timeout the longest, whatever is asked for
 * @param lookback how old the newest sample of a series may be for it to count
 */
public record QueryLimits(long samples, long memoryBytes, Duration timeout, Duration lookback) {
    /** Most steps of a range, which then has one point more: clients choose their step so that they stay within that. */
    public static final int MOST_STEPS = 11_000;

    public QueryLimits {
        if (samples < 1 || memoryBytes < 1 || timeout.isNegative() || timeout.isZero() || lookback.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "query.max-samples, query.max-memory, query.timeout, query.lookback: found " + samples + ", "
                            + memoryBytes + ", " + timeout + ", " + lookback + ", wanted more than 0");
        }
    }
}
