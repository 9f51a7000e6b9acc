package io.metricstream.promql.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is asked, and of what time.
 *
 * @param stepMillis 0 for a single moment, when start and end are the same
 * @param timeout how long to try; null for as long as is allowed
 * @param lookback how old the newest sample may be; null for the server's rule
 */
public record QueryRequest(
        String query,
        long startMillis,
        long endMillis,
        long stepMillis,
        @Nullable Duration timeout,
        @Nullable Duration lookback) {
    public static QueryRequest instant(String query, long timeMillis) {
        return new QueryRequest(query, timeMillis, timeMillis, 0, null, null);
    }

    public static QueryRequest range(String query, long startMillis, long endMillis, long stepMillis) {
        return new QueryRequest(query, startMillis, endMillis, stepMillis, null, null);
    }

    public QueryRequest with(@Nullable Duration otherTimeout, @Nullable Duration otherLookback) {
        return new QueryRequest(query, startMillis, endMillis, stepMillis, otherTimeout, otherLookback);
    }

    /** The same of another query. */
    public QueryRequest of(String other) {
        return new QueryRequest(other, startMillis, endMillis, stepMillis, timeout, lookback);
    }

    boolean isRange() {
        return stepMillis > 0;
    }
}
