package io.metricstream.promql.parse;

import org.jspecify.annotations.Nullable;

/**
 * When a selector or a subquery is evaluated instead of now: {@code @} and {@code offset}.
 *
 * @param at none, a time in ms since 1970, or one end of the query's range
 * @param offsetMillis how much earlier; negative for later
 */
public record Shift(At at, long atMillis, long offsetMillis) {
    public static final Shift NONE = new Shift(At.NONE, 0, 0);

    /** What {@code @} says. */
    public enum At {
        NONE,
        TIME,
        START,
        END
    }

    public boolean isPinned() {
        return at != At.NONE;
    }

    /** The time that {@code @} says; null without one. */
    public @Nullable Long pinnedMillis(long startMillis, long endMillis) {
        return switch (at) {
            case NONE -> null;
            case TIME -> atMillis;
            case START -> startMillis;
            case END -> endMillis;
        };
    }

    Shift withOffset(long millis) {
        return new Shift(at, atMillis, millis);
    }

    Shift withAt(At when, long millis) {
        return new Shift(when, millis, offsetMillis);
    }
}
