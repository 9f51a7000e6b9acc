package io.metricstream.promql.function;

import io.metricstream.own.Borrowed;
import java.util.Arrays;

/** Quantiles of numbers. Stateless. */
public final class Quantiles {
    private Quantiles() {}

    /** Whether it is none, which deserves a warning. */
    public static boolean isInvalid(double q) {
        return Double.isNaN(q) || q < 0 || q > 1;
    }

    /** The quantile of the first so many values, which are sorted; what is no number is smaller than everything. */
    public static double of(double q, @Borrowed double[] values, int count) {
        if (count == 0 || Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (q > 1) {
            return Double.POSITIVE_INFINITY;
        }
        Arrays.sort(values, 0, count);
        int noNumbers = 0;
        while (noNumbers < count && Double.isNaN(values[count - 1 - noNumbers])) {
            noNumbers++;
        }
        double rank = q * (count - 1);
        int lower = (int) Math.max(0, Math.floor(rank));
        int upper = Math.min(count - 1, lower + 1);
        double weight = rank - Math.floor(rank);
        return at(values, lower, noNumbers) * (1 - weight) + at(values, upper, noNumbers) * weight;
    }

    private static double at(double[] values, int index, int noNumbers) {
        return index < noNumbers ? Double.NaN : values[index - noNumbers];
    }
}
