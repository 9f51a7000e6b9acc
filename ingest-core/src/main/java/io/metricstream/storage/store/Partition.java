package io.metricstream.storage.store;

import java.time.Duration;
import java.time.LocalDate;

/**
 * A stretch of time whose samples are stored together, and dropped together when they are too old.
 *
 * @param startMillis its first millisecond; a whole multiple of the span, or the beginning of time
 * @param spanMillis how long it is
 */
record Partition(long startMillis, long spanMillis) implements Comparable<Partition> {
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
    private static final long LONG_SPAN_MILLIS = 30 * DAY_MILLIS;
    /** Up to this retention a day is a small enough step to forget in. */
    private static final Duration SHORT_RETENTION = Duration.ofDays(90);

    /** How long partitions are for this retention: a day, or thirty where much more than that is kept. */
    static long spanMillis(Duration retention) {
        return retention.compareTo(SHORT_RETENTION) <= 0 ? DAY_MILLIS : LONG_SPAN_MILLIS;
    }

    /** The partition that a time falls into. */
    static Partition of(long timeMillis, long spanMillis) {
        long number = Math.floorDiv(timeMillis, spanMillis);
        long least = Long.MIN_VALUE / spanMillis;
        return new Partition(number < least ? Long.MIN_VALUE : number * spanMillis, spanMillis);
    }

    /** Its last millisecond. */
    long lastMillis() {
        if (startMillis == Long.MIN_VALUE) {
            return Long.MIN_VALUE / spanMillis * spanMillis - 1;
        }
        long last = startMillis + (spanMillis - 1);
        return last < startMillis ? Long.MAX_VALUE : last;
    }

    boolean overlaps(Partition other) {
        return startMillis <= other.lastMillis() && other.startMillis() <= lastMillis();
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
