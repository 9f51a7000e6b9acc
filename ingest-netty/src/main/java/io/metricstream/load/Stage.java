package io.metricstream.load;

import java.time.Duration;

/**
 * A stretch of time with one rate.
 *
 * @param requestsPerSecond over all connections together, at fixed times whatever the server does (open loop); 0 is flat
 *     out: each connection sends its next request when it has the answer to the last (closed loop)
 */
public record Stage(long requestsPerSecond, Duration duration) {
    static final long MOST_REQUESTS_PER_SECOND = 10_000_000;

    public Stage {
        if (requestsPerSecond < 0 || requestsPerSecond > MOST_REQUESTS_PER_SECOND) {
            throw new IllegalArgumentException(
                    "requests per second: found " + requestsPerSecond + ", wanted 0 to " + MOST_REQUESTS_PER_SECOND);
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("duration: found " + duration + ", wanted more than 0");
        }
    }

    boolean flatOut() {
        return requestsPerSecond == 0;
    }
}
