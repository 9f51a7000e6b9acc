package io.metricstream.select;

import java.util.List;

/**
 * Which series, and which of their samples.
 *
 * @param matchers all of which a series must fulfil; none selects every series
 * @param fromMillis the earliest time, itself included, in ms since 1970
 * @param toMillis the latest time, itself included, in ms since 1970
 * @param cancellation ends the reading, by {@link CancelledException}
 */
public record Selection(List<Matcher> matchers, long fromMillis, long toMillis, Cancellation cancellation) {
    /** Every series, at any time. */
    public static final Selection ALL = ofAnyTime(List.of());

    public Selection {
        matchers = List.copyOf(matchers);
    }

    /** One that is always wanted. */
    public Selection(List<Matcher> matchers, long fromMillis, long toMillis) {
        this(matchers, fromMillis, toMillis, new Cancellation());
    }

    /** Those series at any time. */
    public static Selection ofAnyTime(List<Matcher> matchers) {
        return new Selection(matchers, Long.MIN_VALUE, Long.MAX_VALUE);
    }
}
