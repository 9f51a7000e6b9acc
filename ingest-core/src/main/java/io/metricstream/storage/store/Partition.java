package io.metricstream.storage.store;

import java.time.Duration;
import java.time.LocalDate;

/**
 * A stretch of time whose samples are stored together, and dropped together when they are too old.
 *
 * <p>From 1999 to 2098 it is as long as the retention asks for; further away, where only few samples or mistaken ones are,
 * ten years, and at both ends all the rest. So there are never more than {@value #MOST} in spans of thirty days, whatever
 * times are sent.
 *
 * @param startMillis its first millisecond
 * @param spanMillis how long it is; {@link Long#MAX_VALUE} to the end of time
 */
record Partition(long startMillis, long spanMillis) implements Comparable<Partition> {
    /** All of them where a partition is thirty days. */
    static final int MOST = 1265;

    static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
    private static final long LONG_SPAN_MILLIS = 30 * DAY_MILLIS;
    /** Up to this retention a day is a small enough step to forget in. */
    private static final Duration SHORT_RETENTION = Duration.ofDays(90);

    /** Whole multiples of the shorter spans, so that none of them crosses a border. */
    private static final long FAR_SPAN_MILLIS = 120 * LONG_SPAN_MILLIS;

    private static final long NEAR_MILLIS = 3 * FAR_SPAN_MILLIS;
    private static final long NEAR_END_MILLIS = 13 * FAR_SPAN_MILLIS;
    private static final long FAR_MILLIS = -30 * FAR_SPAN_MILLIS;
    private static final long FAR_END_MILLIS = 43 * FAR_SPAN_MILLIS;

    /** How long partitions are for this retention: a day, or thirty where much more than that is kept. */
    static long spanMillis(Duration retention) {
        return retention.compareTo(SHORT_RETENTION) <= 0 ? DAY_MILLIS : LONG_SPAN_MILLIS;
    }

    /** The partition that a time falls into; the span is a day or thirty. */
    static Partition of(long timeMillis, long spanMillis) {
        if (timeMillis < FAR_MILLIS) {
            return new Partition(Long.MIN_VALUE, FAR_MILLIS - Long.MIN_VALUE);
        }
        if (timeMillis >= FAR_END_MILLIS) {
            return new Partition(FAR_END_MILLIS, Long.MAX_VALUE);
        }
        boolean near = NEAR_MILLIS <= timeMillis && timeMillis < NEAR_END_MILLIS;
        long span = near ? spanMillis : FAR_SPAN_MILLIS;
        return new Partition(Math.floorDiv(timeMillis, span) * span, span);
    }

    /** Its last millisecond. */
    long lastMillis() {
        long last = startMillis + (spanMillis - 1);
        return last < startMillis ? Long.MAX_VALUE : last;
    }

    boolean contains(long timeMillis) {
        return startMillis <= timeMillis && timeMillis <= lastMillis();
    }

    /** The name of its folder: the day it starts, in UTC, and its length in days. */
    String folderName() {
        return LocalDate.ofEpochDay(Math.floorDiv(startMillis, DAY_MILLIS)) + "_" + spanMillis / DAY_MILLIS + "d";
    }

    @Override
    public int compareTo(Partition other) {
        int c = Long.compare(startMillis, other.startMillis);
        return c != 0 ? c : Long.compare(spanMillis, other.spanMillis);
    }
}
