package io.metricstream.ring;

import java.time.Duration;

/**
 * Settings of the ring and its writer.
 *
 * @param slots requests that may wait at once; a power of two
 * @param maxBytes what the waiting requests may weigh together, in bytes
 * @param stallAfter how long the writer may go without a commit while requests wait, before writes are refused
 */
public record RingConfig(int slots, long maxBytes, Duration stallAfter) {
    public RingConfig {
        if (slots < 2 || Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("ring.slots: found " + slots + ", wanted a power of two of at least 2");
        }
        if (maxBytes < 1 << 20) {
            throw new IllegalArgumentException("ring.max-bytes: found " + maxBytes + ", wanted at least 1 MiB");
        }
        if (stallAfter.isNegative() || stallAfter.isZero()) {
            throw new IllegalArgumentException("ring.stall-after: found " + stallAfter + ", wanted more than 0");
        }
    }
}
