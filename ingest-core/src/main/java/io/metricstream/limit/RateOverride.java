package io.metricstream.limit;

/**
 * What one client's limits change against the defaults; {@link #INHERIT} leaves a limit as it is.
 *
 * @param requestsPerSecond {@link #INHERIT}, 0 for off, or the limit
 * @param samplesPerSecond the same for samples
 * @param bytesPerSecond the same for bytes
 */
public record RateOverride(long requestsPerSecond, long samplesPerSecond, long bytesPerSecond) {
    public static final long INHERIT = -1;

    /** Changes nothing. */
    public static final RateOverride NONE = new RateOverride(INHERIT, INHERIT, INHERIT);

    public RateOverride {
        // The ranges are those of RateLimits; building one checks them.
        new RateLimits(
                atLeastZero(requestsPerSecond, "requests"),
                atLeastZero(samplesPerSecond, "samples"),
                atLeastZero(bytesPerSecond, "bytes"));
    }

    /** The limits in force where {@code defaults} apply to everybody else. */
    public RateLimits over(RateLimits defaults) {
        return new RateLimits(
                requestsPerSecond == INHERIT ? defaults.requestsPerSecond() : requestsPerSecond,
                samplesPerSecond == INHERIT ? defaults.samplesPerSecond() : samplesPerSecond,
                bytesPerSecond == INHERIT ? defaults.bytesPerSecond() : bytesPerSecond);
    }

    private static long atLeastZero(long perSecond, String what) {
        if (perSecond < INHERIT) {
            throw new IllegalArgumentException("rate-limit." + what + ": found " + perSecond + ", wanted at least 0");
        }
        return Math.max(0, perSecond);
    }
}
