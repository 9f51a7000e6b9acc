package io.metricstream.promql.function;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * A histogram by the counts of observations up to each bound.
 *
 * <p>Order: {@link #clear}, {@link #add} each bucket in any order, then ask once.
 */
@OwnedBy(Role.QUERY)
public final class ClassicHistogram {
    /** Counts that differ by less than so much, relatively, differ by rounding. */
    private static final double SMALL_DELTA = 1e-12;

    private double[] bounds = new double[32];
    private double[] counts = new double[32];
    private int size;
    private boolean repaired;
    private double lowestRepaired;
    private double highestRepaired;
    private double largestRepair;

    public void clear() {
        size = 0;
        repaired = false;
        lowestRepaired = Double.POSITIVE_INFINITY;
        highestRepaired = Double.NEGATIVE_INFINITY;
        largestRepair = 0;
    }

    /** A bucket, at its place in the order of bounds. */
    public void add(double upperBound, double count) {
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        int at = size++;
        while (at > 0 && bounds[at - 1] > upperBound) {
            bounds[at] = bounds[at - 1];
            counts[at] = counts[at - 1];
            at--;
        }
        bounds[at] = upperBound;
        counts[at] = count;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** The value below which this part of the observations is, as if they were spread evenly in each bucket. */
    public double quantile(double q) {
        if (Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (q > 1) {
            return Double.POSITIVE_INFINITY;
        }
        if (bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        joinEqualBounds();
        repair();
        double observations = counts[size - 1];
        return size < 2 || observations == 0 ? Double.NaN : interpolated(q * observations);
    }

    private double interpolated(double rank) {
        int bucket = 0;
        int last = size - 1;
        // The counts rise, but for what is no number: then the search is what decides.
        int end = last;
        while (bucket < end) {
            int middle = (bucket + end) >>> 1;
            if (counts[middle] >= rank) {
                end = middle;
            } else {
                bucket = middle + 1;
            }
        }
        if (bucket == last) {
            return bounds[last - 1];
        }
        if (bucket == 0 && bounds[0] <= 0) {
            return bounds[0];
        }
        double start = bucket == 0 ? 0 : bounds[bucket - 1];
        double before = bucket == 0 ? 0 : counts[bucket - 1];
        return start + (bounds[bucket] - start) * ((rank - before) / (counts[bucket] - before));
    }

    /** The part of the observations between two values. */
    public double fraction(double lower, double upper) {
        if (bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        joinEqualBounds();
        double count = counts[size - 1];
        if (count == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        return (rank(upper, count) - rank(lower, count)) / count;
    }

    /** How many observations are below a value. */
    private double rank(double value, double count) {
        double before = 0;
        double lowerBound = bounds[0] <= 0 ? Double.NEGATIVE_INFINITY : 0;
        for (int i = 0; i < size; i++) {
            if (lowerBound >= value) {
                return Math.min(before, count);
            }
            if (bounds[i] > value) {
                double within = lowerBound == Double.NEGATIVE_INFINITY
                        ? counts[i]
                        : before + (counts[i] - before) * (value - lowerBound) / (bounds[i] - lowerBound);
                return within > count ? count : within;
            }
            before = counts[i];
            lowerBound = bounds[i];
        }
        return count;
    }

    private void joinEqualBounds() {
        int last = 0;
        for (int i = 1; i < size; i++) {
            if (bounds[i] == bounds[last]) {
                counts[last] += counts[i];
            } else {
                last++;
                bounds[last] = bounds[i];
                counts[last] = counts[i];
            }
        }
        size = last + 1;
    }

    /** Counts never fall: where they do, for they were not read at one time, they are held. */
    private void repair() {
        double before = counts[0];
        for (int i = 1; i < size; i++) {
            double count = counts[i];
            if (count == before) {
                continue;
            }
            if (isAlmost(before, count)) {
                counts[i] = before;
            } else if (count < before) {
                counts[i] = before;
                repaired = true;
                lowestRepaired = Math.min(lowestRepaired, bounds[i]);
                highestRepaired = Math.max(highestRepaired, bounds[i]);
                largestRepair = Math.max(largestRepair, before - count);
            } else {
                before = count;
            }
        }
    }

    private static boolean isAlmost(double a, double b) {
        if (Double.isNaN(a) && Double.isNaN(b)) {
            return true;
        }
        double sum = Math.abs(a) + Math.abs(b);
        double difference = Math.abs(a - b);
        boolean tiny = a == 0 || b == 0 || sum < Double.MIN_NORMAL;
        return tiny
                ? difference < SMALL_DELTA * Double.MIN_NORMAL
                : difference / Math.min(sum, Double.MAX_VALUE) < SMALL_DELTA;
    }

    /** Whether {@link #quantile} found counts that fall, and held them. */
    public boolean isRepaired() {
        return repaired;
    }

    public double lowestRepaired() {
        return lowestRepaired;
    }

    public double highestRepaired() {
        return highestRepaired;
    }

    public double largestRepair() {
        return largestRepair;
    }
}
