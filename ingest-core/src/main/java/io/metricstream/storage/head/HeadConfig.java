package io.metricstream.storage.head;

import java.time.Duration;

/**
 * Settings of what is kept in memory.
 *
 * @param maxBytes what the samples in memory may take, those being flushed included, in bytes
 * @param maxAge how long samples stay in memory before they are flushed, where there is room for them
 * @param series which series may be known
 */
public record HeadConfig(long maxBytes, Duration maxAge, SeriesLimits series) {
    private static final long MIN_BYTES = 1 << 20;

    public HeadConfig {
        if (maxBytes < MIN_BYTES) {
            throw new IllegalArgumentException("head.max-bytes: found " + maxBytes + ", wanted at least " + MIN_BYTES);
        }
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("head.max-age: found " + maxAge + ", wanted more than 0");
        }
    }
}
