package io.metricstream.limit;

/**
 * Where a client stands against one of its limits, for the headers of an answer.
 *
 * @param limit requests, samples or bytes per second; 0 where the limit is off
 * @param remaining how much of the limit is left now
 * @param waitNanos until the request asked about would be let through, if nothing else is; 0 for at once or never
 * @param resetNanos until the whole limit is available again, if nothing is sent
 */
public record RateStanding(long limit, long remaining, long waitNanos, long resetNanos) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** For {@code Retry-After}: whole seconds, at least 1. */
    public long retryAfterSeconds() {
        return wholeSeconds(waitNanos);
    }

    /** For {@code RateLimit-Reset}: whole seconds, at least 1. */
    public long resetSeconds() {
        return wholeSeconds(resetNanos);
    }

    private static long wholeSeconds(long nanos) {
        return Math.max(1, (nanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND);
    }
}
