package io.metricstream.limit;

import java.time.Duration;

/**
 * Bounds of the client register.
 *
 * @param maxClients how many clients that no rule names are kept apart; the rest share one
 * @param idleAfter how long an unused client is remembered while there is room
 */
public record RegistryConfig(int maxClients, Duration idleAfter) {
    /** A client must outlive its window, or forgetting it would give it a second limit. */
    static final Duration SHORTEST_IDLE = Duration.ofSeconds(2);

    public static final RegistryConfig DEFAULT = new RegistryConfig(10_000, Duration.ofMinutes(10));

    public RegistryConfig {
        if (maxClients < 1 || maxClients > 10_000_000) {
            throw new IllegalArgumentException(
                    "rate-limit.max-clients: found " + maxClients + ", wanted 1 to 10000000");
        }
        if (idleAfter.compareTo(SHORTEST_IDLE) < 0 || idleAfter.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException(
                    "rate-limit.idle-after: found " + idleAfter + ", wanted 2 seconds to 365 days");
        }
    }
}
