package io.metricstream.load;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says when to climb no further: the server has failed to reach what was asked of it for the second time. */
@OwnedBy(Role.MAIN)
final class Staircase {
    private static final double REACHED = 0.9;
    private static final int MOST_MISSES = 2;

    private int misses;

    /** Takes in a step; returns why it should be the last one, or null. */
    @Nullable
    String onStep(StageResult step) {
        if (step.stage().flatOut()) {
            return null;
        }
        double share = step.reachedPerSecond() / step.stage().requestsPerSecond();
        if (share >= REACHED) {
            return null;
        }
        misses++;
        return misses < MOST_MISSES
                ? null
                : String.format(
                        Locale.ROOT,
                        "stopped: %d requests/s were asked for and %.0f%% of them answered 200, the second step below"
                                + " %.0f%%",
                        step.stage().requestsPerSecond(),
                        Math.floor(share * 100),
                        REACHED * 100);
    }
}
