package io.metricstream.promql.function;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * {@code rate}, {@code increase} and {@code delta}: what a window grew by, carried on to its edges where the samples reach
 * almost there. Where the counter was reset is found once for all windows.
 */
@OwnedBy(Role.QUERY)
final class Rate implements WindowFunction {
    private static final double MILLIS = 1000;
    /** Samples that are nearer to an edge than this many of their average distances are taken to go on to it. */
    private static final double NEAR_EDGE = 1.1;

    private final boolean counter;
    private final boolean perSecond;
    /** Indexes of samples that are smaller than the one before. */
    private int[] resets = new int[8];

    private int resetCount;
    private int nextReset;

    Rate(boolean counter, boolean perSecond) {
        this.counter = counter;
        this.perSecond = perSecond;
    }

    @Override
    public void begin(Samples samples) {
        resetCount = 0;
        nextReset = 0;
        for (int i = 1; counter && i < samples.size(); i++) {
            if (samples.value(i) < samples.value(i - 1)) {
                if (resetCount == resets.length) {
                    resets = Arrays.copyOf(resets, resetCount * 2);
                }
                resets[resetCount++] = i;
            }
        }
    }

    @Override
    public boolean compute(Window window) {
        if (window.size() < 2) {
            return false;
        }
        double growth = window.last() - window.first() + resetIn(window);
        double sampled = seconds(window.timeMillis(window.from()), window.timeMillis(window.to() - 1));
        double average = sampled / (window.size() - 1);
        double toStart = toStart(window, growth, sampled, average);
        double toEnd = seconds(window.timeMillis(window.to() - 1), window.endMillis());
        if (toEnd >= average * NEAR_EDGE) {
            toEnd = average / 2;
        }
        double factor = sampled == 0 ? 1 : (sampled + toStart + toEnd) / sampled;
        if (perSecond) {
            factor /= seconds(window.startMillis(), window.endMillis());
        }
        return window.give(growth * factor);
    }

    private double toStart(Window window, double growth, double sampled, double average) {
        double toStart = seconds(window.startMillis(), window.timeMillis(window.from()));
        if (toStart >= average * NEAR_EDGE) {
            toStart = average / 2;
        }
        // A counter was never below zero: it is not carried on to before it would have been zero.
        boolean slopes = counter && growth > 0 && window.first() >= 0;
        return slopes ? Math.min(toStart, sampled * (window.first() / growth)) : toStart;
    }

    /** What counters lost by resets between samples of the window. */
    private double resetIn(Window window) {
        while (nextReset < resetCount && resets[nextReset] <= window.from()) {
            nextReset++;
        }
        double lost = 0;
        for (int i = nextReset; i < resetCount && resets[i] < window.to(); i++) {
            lost += window.value(resets[i] - 1);
        }
        return lost;
    }

    private static double seconds(long fromMillis, long toMillis) {
        return (toMillis - fromMillis) / MILLIS;
    }
}
