package io.metricstream.limit;

/**
 * What was let through and what was refused, since the start or since the client was first seen.
 *
 * <p>A request is counted as allowed when it passes the check of requests and announced bytes. One that is refused later,
 * by its samples or by bytes that were not announced, is counted there too, so that each counter only grows.
 */
public record RateCounts(long allowed, long refusedByRequests, long refusedBySamples, long refusedByBytes) {
    public static final RateCounts ZERO = new RateCounts(0, 0, 0, 0);

    public long refused() {
        return refusedByRequests + refusedBySamples + refusedByBytes;
    }

    RateCounts plus(RateCounts other) {
        return new RateCounts(
                allowed + other.allowed,
                refusedByRequests + other.refusedByRequests,
                refusedBySamples + other.refusedBySamples,
                refusedByBytes + other.refusedByBytes);
    }
}
