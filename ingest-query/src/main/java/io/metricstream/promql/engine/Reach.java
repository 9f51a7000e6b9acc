package io.metricstream.promql.engine;

import io.metricstream.promql.function.Window;
import org.jspecify.annotations.Nullable;

/**
 * Which time a step looks at: later than the end minus the length, up to the end.
 *
 * @param pinnedMillis the time that is looked at from every step; null where each looks from its own
 */
record Reach(@Nullable Long pinnedMillis, long offsetMillis, long lengthMillis) {
    /** Blocks that are much shorter have too few samples for a summary. */
    private static final long LEAST_FREE_MILLIS = 900_000;
    /** 2048 samples, one each ten seconds. */
    private static final long USUAL_BLOCK_MILLIS = 6 * 3_600_000L;

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

    /**
     * Whether whole blocks are likely to lie where no window begins or ends: a stretch of some size that is most of what is looked
     * at, or longer than the usual block.
     */
    boolean mayHoldBlocks(Grid grid) {
        long moves = pinnedMillis == null ? grid.lastMillis() - grid.startMillis() : 0;
        long free = moves < lengthMillis ? lengthMillis - moves : grid.stepMillis();
        return free >= LEAST_FREE_MILLIS && (free >= USUAL_BLOCK_MILLIS || free >= (lengthMillis + moves) / 2);
    }

    /** What the windows of a grid take. */
    static long windowBytes(Grid grid) {
        return (long) grid.steps() * (2 * Long.BYTES + 2 * Integer.BYTES);
    }

    /** A window at each step of the grid, for a function whose other arguments are put into an array. */
    Window windows(Grid grid, double[] arguments) {
        var ends = new long[grid.steps()];
        var nows = new long[grid.steps()];
        for (int step = 0; step < ends.length; step++) {
            nows[step] = grid.timeMillis(step);
            ends[step] = endMillis(nows[step]);
        }
        return new Window(ends, nows, lengthMillis, arguments);
    }

    /** Whether the window of any step begins or ends between two times, so that it has a sample of one and none of the other. */
    boolean cuts(Grid grid, long firstMillis, long lastMillis) {
        long end = endMillis(grid.startMillis());
        return hasEdge(end, grid, firstMillis, lastMillis)
                || hasEdge(end - lengthMillis, grid, firstMillis, lastMillis);
    }

    /** Whether an edge that moves from step to step is ever at the first time or later, and before the last one. */
    private boolean hasEdge(long edgeMillis, Grid grid, long firstMillis, long lastMillis) {
        if (edgeMillis >= firstMillis || pinnedMillis != null) {
            return edgeMillis >= firstMillis && edgeMillis < lastMillis;
        }
        long step = (firstMillis - edgeMillis - 1) / grid.stepMillis() + 1;
        return step < grid.steps() && edgeMillis + step * grid.stepMillis() < lastMillis;
    }
}
