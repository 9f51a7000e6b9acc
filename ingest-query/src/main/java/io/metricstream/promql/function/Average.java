package io.metricstream.promql.function;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** {@code avg_over_time}: the sum by the count, and where the sum overflows a mean that is moved from sample to sample. */
@OwnedBy(Role.QUERY)
final class Average implements WindowFunction {
    private final BlockSums sums = new BlockSums();

    @Override
    public void begin(Samples samples, boolean sameTimes) {
        sums.begin();
    }

    @Override
    public boolean compute(Window window) {
        KahanSum sum = sums.of(window);
        if (Double.isInfinite(sum.sum()) || Double.isNaN(sum.sum())) {
            var mean = new RunningMean();
            for (int i = window.from(); i < window.to(); i++) {
                mean.add(window.value(i));
            }
            return window.give(mean.value());
        }
        double count = window.count();
        double total = sum.value();
        // What of the sum does not fit into the total, however it came about.
        double lost = KahanSum.error(sum.sum(), sum.rest(), total);
        return window.give(total / count + lost / count);
    }
}
