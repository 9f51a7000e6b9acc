package io.metricstream.promql.function;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** A sum whose rounding errors are summed up beside it, as Neumaier has it. */
@OwnedBy(Role.QUERY)
public final class KahanSum {
    private double sum;
    private double rest;

    void clear() {
        sum = 0;
        rest = 0;
    }

    void add(double value) {
        double total = sum + value;
        rest = restAfter(sum, rest, value, total);
        sum = total;
    }

    /** Adds neighbouring values; where the sum becomes infinite, the rest means nothing any more. */
    void addAll(double[] values, int from, int to) {
        // In variables, which the compiler keeps in registers.
        double total = sum;
        double lost = rest;
        for (int i = from; i < to; i++) {
            double next = total + values[i];
            lost += error(total, values[i], next);
            total = next;
        }
        sum = total;
        rest = lost;
    }

    /** What is lost, exactly, in {@code a + b = total} where that is finite: Knuth's way, without a branch. */
    public static double error(double a, double b, double total) {
        double added = total - a;
        return (a - (total - added)) + (b - added);
    }

    /** Adds a sum that was made apart. */
    void add(double otherSum, double otherRest) {
        add(otherSum);
        if (!Double.isInfinite(sum)) {
            rest += otherRest;
        }
    }

    /** What is lost in {@code sum + value = total}, added to what was lost before. */
    static double restAfter(double sum, double rest, double value, double total) {
        if (Double.isInfinite(total)) {
            return 0;
        }
        return rest + (Math.abs(sum) >= Math.abs(value) ? (sum - total) + value : (value - total) + sum);
    }

    double sum() {
        return sum;
    }

    double rest() {
        return rest;
    }

    double value() {
        return Double.isInfinite(sum) ? sum : sum + rest;
    }
}
