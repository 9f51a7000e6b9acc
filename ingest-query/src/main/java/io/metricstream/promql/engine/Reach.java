package io.metricstream.promql.engine;

import org.jspecify.annotations.Nullable;

/**
 * Which time a step looks at: later than the end minus the length, up to the end.
 *
 * @param pinnedMillis the time that is looked at from every step; null where each looks from its own
 */
record Reach(@Nullable Long pinnedMillis, long offsetMillis, long lengthMillis) {
    long endMillis(long stepMillis) {
        Long pinned = pinnedMillis;
        return (pinned == null ? stepMillis : pinned) - offsetMillis;
    }

    /** What any step of the grid looks at begins behind this. */
    long earliestMillis(Grid grid) {
        return endMillis(grid.startMillis()) - lengthMillis;
    }

    long latestMillis(Grid grid) {
        return endMillis(grid.lastMillis());
    }
}
