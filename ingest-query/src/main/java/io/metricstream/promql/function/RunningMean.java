package io.metricstream.promql.function;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** The mean of numbers that come one after the other, without overflow where there need be none. */
@OwnedBy(Role.QUERY)
public final class RunningMean {
    private double count;
    private double sum;
    private double mean;
    private double rest;
    private boolean moving;

    public void add(double value) {
        count++;
        if (count == 1) {
            sum = value;
            return;
        }
        if (!moving) {
            double total = sum + value;
            if (!Double.isInfinite(total)) {
                rest = KahanSum.restAfter(sum, rest, value, total);
                sum = total;
                return;
            }
            moving = true;
            mean = sum / (count - 1);
            rest /= count - 1;
        }
        double part = (count - 1) / count;
        double scaled = part * mean;
        double total = scaled + value / count;
        rest = KahanSum.restAfter(scaled, part * rest, value / count, total);
        mean = total;
    }

    public double value() {
        return moving ? mean + rest : sum / count + rest / count;
    }
}
