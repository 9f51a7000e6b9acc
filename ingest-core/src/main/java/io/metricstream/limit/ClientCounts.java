package io.metricstream.limit;

import java.util.Map;

/**
 * One client's line in the statistics.
 *
 * @param name as given to {@link ClientRegistry#client}
 * @param samplesStored since the client was first seen; forgotten with it
 * @param samplesRejected by reason, likewise
 * @param idleNanos since it was last used, at the time of asking
 */
public record ClientCounts(
        String name,
        RateLimits limits,
        RateCounts counts,
        long samplesStored,
        Map<String, Long> samplesRejected,
        long idleNanos) {}
