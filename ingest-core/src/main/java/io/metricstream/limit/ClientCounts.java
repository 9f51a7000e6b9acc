package io.metricstream.limit;

/**
 * One client's line in the statistics.
 *
 * @param name as given to {@link ClientRegistry#client}
 * @param samplesStored since the client was first seen; forgotten with it
 * @param idleNanos since it was last used, at the time of asking
 */
public record ClientCounts(String name, RateLimits limits, RateCounts counts, long samplesStored, long idleNanos) {}
