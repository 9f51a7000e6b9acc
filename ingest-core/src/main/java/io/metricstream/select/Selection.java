package io.metricstream.select;

import java.util.List;

/**
 * Which series, and which of their samples.
 *
 * @param matchers all of which a series must fulfil; none selects every series
 * @param fromMillis the earliest time, itself included, in ms since 1970
 * @param toMillis the latest time, itself included, in ms since 1970
 */
public record Selection(List<Matcher> matchers, long fromMillis, long toMillis) {
    public Selection {
        matchers = List.copyOf(matchers);
    }

    /** Every series, at any time. */
    public static final Selection ALL = new Selection(List.of(), Long.MIN_VALUE, Long.MAX_VALUE);
}
