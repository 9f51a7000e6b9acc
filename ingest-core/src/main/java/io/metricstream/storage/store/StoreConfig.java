package io.metricstream.storage.store;

import java.time.Duration;

/**
 * Settings of the store.
 *
 * @param retention how long samples are kept; {@link #FOREVER} for ever
 * @param retentionBytes what all parts may take together on the disk; 0 is no limit
 * @param mergeBytesPerSecond how fast merging may write; 0 is no limit
 * @param skipDamaged whether questions are answered without what is damaged, with a warning, instead of failing
 */
public record StoreConfig(Duration retention, long retentionBytes, long mergeBytesPerSecond, boolean skipDamaged) {
    /** A retention that never ends. */
    public static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

    public StoreConfig {
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("retention.time: found " + retention + ", wanted more than 0");
        }
        if (retentionBytes < 0 || mergeBytesPerSecond < 0) {
            throw new IllegalArgumentException("retention.size, merge.rate: found less than 0, wanted 0 or more");
        }
    }
}
