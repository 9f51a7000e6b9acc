package io.metricstream.promql.function;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * {@code rate}, {@code increase} and {@code delta}: what a window grew by, carried on to its edges where the samples reach
 * almost there. Where the counter was reset is found once for all windows, and what follows from times alone once for all
 * series that have the same.
 */
@OwnedBy(Role.QUERY)
final class Rate implements StepsFunction {
    private static final double MILLIS = 1000;
    /** Samples that are nearer to an edge than this many of their average distances are taken to go on to it. */
    private static final double NEAR_EDGE = 1.1;

    private final boolean counter;
    private final boolean perSecond;
    /** Indexes of samples that are smaller than the one before. */
    private int[] resets = new int[8];

    private int resetCount;
    private int nextReset;

    /** Of each step, in seconds: between first and last sample, and how far they are carried on. */
    private double[] sampled = new double[0];

    private double[] toStart = new double[0];
    private double[] toEnd = new double[0];
    /** Of each step: by what the growth is multiplied, unless the counter would have been below zero at the start. */
    private double[] factor = new double[0];
    /** The steps before this one are known. */
    private int known;

    Rate(boolean counter, boolean perSecond) {
        this.counter = counter;
        this.perSecond = perSecond;
    }

    @Override
    public void begin(Samples samples, boolean sameTimes) {
        known = sameTimes ? known : 0;
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
        return window.size() >= 2 && window.give(at(window));
    }

    @Override
    public void computeAll(Window window, @Borrowed double[] results, @Borrowed long[] there) {
        for (int step = 0; step < window.steps(); step++) {
            window.moveTo(step);
            if (window.size() >= 2) {
                results[step] = at(window);
                there[step >>> 6] |= 1L << step;
            }
        }
    }

    private double at(Window window) {
        int step = window.step();
        if (step >= known) {
            measure(window, step);
        }
        double first = window.first();
        double growth = window.last() - first + (nextReset < resetCount ? resetIn(window) : 0);
        // A counter was never below zero: it is not carried on to before it would have been zero. It is far from there
        // where it grew
        // by less than half of what it was, for the start of the window is not further away than about the last sample
        // is.
        if (!counter || growth <= 0 || first < 0 || first >= 2 * growth) {
            return growth * factor[step];
        }
        double limited = Math.min(toStart[step], sampled[step] * (first / growth));
        return growth * factor(window, sampled[step], limited, toEnd[step]);
    }

    /** Computes what follows from the times of a step. */
    private void measure(Window window, int step) {
        if (factor.length < window.steps()) {
            sampled = new double[window.steps()];
            toStart = new double[window.steps()];
            toEnd = new double[window.steps()];
            factor = new double[window.steps()];
        }
        long firstMillis = window.timeMillis(window.from());
        sampled[step] = seconds(firstMillis, window.lastMillis());
        double average = sampled[step] / (window.size() - 1);
        toStart[step] = carriedOn(seconds(window.startMillis(), firstMillis), average);
        toEnd[step] = carriedOn(seconds(window.lastMillis(), window.endMillis()), average);
        factor[step] = factor(window, sampled[step], toStart[step], toEnd[step]);
        known = step + 1;
    }

    private static double carriedOn(double toEdge, double average) {
        return toEdge >= average * NEAR_EDGE ? average / 2 : toEdge;
    }

    private double factor(Window window, double between, double before, double behind) {
        double all = between == 0 ? 1 : (between + before + behind) / between;
        return perSecond ? all / seconds(window.startMillis(), window.endMillis()) : all;
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
