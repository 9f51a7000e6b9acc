package io.metricstream.limit;

/**
 * What a client may send in any one second; 0 switches a limit off.
 *
 * @param requestsPerSecond at most {@link #MAX_REQUESTS_PER_SECOND}
 * @param samplesPerSecond at most {@link #MAX_WEIGHT_PER_SECOND}
 * @param bytesPerSecond at most {@link #MAX_WEIGHT_PER_SECOND}; bytes of the request body as they arrive
 */
public record RateLimits(long requestsPerSecond, long samplesPerSecond, long bytesPerSecond) {
    /** Above it a window of 8 bytes per admission would be too large; whoever wants more wants 0. */
    public static final long MAX_REQUESTS_PER_SECOND = 10_000_000;

    /** Keeps every sum of two weights far from the end of a long. */
    public static final long MAX_WEIGHT_PER_SECOND = 1_000_000_000_000_000L;

    /** 10,000 requests a second, samples and bytes unlimited. */
    public static final RateLimits DEFAULT = new RateLimits(10_000, 0, 0);

    /** No limit at all. */
    public static final RateLimits OFF = new RateLimits(0, 0, 0);

    public RateLimits {
        check("requests", requestsPerSecond, MAX_REQUESTS_PER_SECOND);
        check("samples", samplesPerSecond, MAX_WEIGHT_PER_SECOND);
        check("bytes", bytesPerSecond, MAX_WEIGHT_PER_SECOND);
    }

    private static void check(String what, long perSecond, long max) {
        if (perSecond < 0 || perSecond > max) {
            throw new IllegalArgumentException(
                    "rate-limit." + what + ": found " + perSecond + ", wanted 0 (off) to " + max + " per second");
        }
    }
}
