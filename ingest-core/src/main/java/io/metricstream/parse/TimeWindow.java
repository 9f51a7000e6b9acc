package io.metricstream.parse;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.time.Instant;

/**
 * The timestamps that one request may bring, from one reading of the clock.
 *
 * <p>Thread: one event loop. Order: {@link #open} before anything else of a request.
 */
@OwnedBy(Role.EVENT_LOOP)
final class TimeWindow {
    private static final long MILLIS_PER_SECOND = 1000;
    private static final long MICROS_PER_MILLI = 1000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long retentionMillis;
    private final long futureMillis;

    private long arrivalMillis;
    private long oldestMillis;
    private long newestMillis;

    TimeWindow(ParseLimits limits) {
        retentionMillis = limits.retentionMillis();
        futureMillis = limits.futureMillis();
    }

    void open(long nowMillis) {
        arrivalMillis = nowMillis;
        boolean unlimited = retentionMillis == ParseLimits.UNLIMITED_MILLIS;
        long oldest = nowMillis - retentionMillis;
        oldestMillis = unlimited || oldest > nowMillis ? Long.MIN_VALUE : oldest;
        long newest = nowMillis + futureMillis;
        newestMillis = newest < nowMillis ? Long.MAX_VALUE : newest;
    }

    /** The time of a sample that brings none. */
    long arrivalMillis() {
        return arrivalMillis;
    }

    long oldestMillis() {
        return oldestMillis;
    }

    long newestMillis() {
        return newestMillis;
    }

    boolean admits(long timestampMillis) {
        return timestampMillis >= oldestMillis && timestampMillis <= newestMillis;
    }

    /** Why a timestamp that is not admitted is not. */
    RejectReason reason(long timestampMillis) {
        return timestampMillis < oldestMillis ? RejectReason.TIMESTAMP_TOO_OLD : RejectReason.TIMESTAMP_TOO_NEW;
    }

    /** The same in words, with the window and, where another unit would fit, that unit. */
    String text(long timestampMillis) {
        String what = timestampMillis < oldestMillis
                ? " is older than the retention; accepted: "
                : " lies too far ahead; accepted: ";
        return "found " + timestampMillis + ", which" + what + window() + hint(timestampMillis);
    }

    private String window() {
        String oldest = oldestMillis == Long.MIN_VALUE ? "any time" : moment(oldestMillis);
        return oldest + " to " + moment(newestMillis) + ", in milliseconds";
    }

    private static String moment(long millis) {
        return millis + " (" + Instant.ofEpochMilli(millis) + ")";
    }

    private String hint(long timestamp) {
        if (likely(Math.multiplyHigh(timestamp, MILLIS_PER_SECOND) == timestamp >> 63, timestamp * MILLIS_PER_SECOND)) {
            return "; it looks like seconds";
        }
        if (likely(true, timestamp / MICROS_PER_MILLI)) {
            return "; it looks like microseconds";
        }
        return likely(true, timestamp / NANOS_PER_MILLI) ? "; it looks like nanoseconds" : "";
    }

    /** Near enough to now to be meant: within the window, and where that has no beginning, after the year 2000. */
    private boolean likely(boolean exact, long millis) {
        return exact && admits(millis) && millis > 946_684_800_000L;
    }
}
