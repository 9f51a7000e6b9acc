package io.metricstream.promql.function;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** {@code changes} and {@code resets}: counts neighbours of which something is true, by counts up to each sample. */
@OwnedBy(Role.QUERY)
final class PairCounts implements WindowFunction {
    /** Of a sample and the one before. */
    interface Pair {
        boolean counts(double before, double value);
    }

    private final Pair pair;
    private int[] upTo = new int[0];

    PairCounts(Pair pair) {
        this.pair = pair;
    }

    static PairCounts changes() {
        return new PairCounts((before, value) -> value != before && !(Double.isNaN(value) && Double.isNaN(before)));
    }

    static PairCounts resets() {
        return new PairCounts((before, value) -> value < before);
    }

    @Override
    public void begin(Samples samples, boolean sameTimes) {
        if (upTo.length < samples.size()) {
            upTo = new int[samples.size()];
        }
        for (int i = 1; i < samples.size(); i++) {
            upTo[i] = upTo[i - 1] + (pair.counts(samples.value(i - 1), samples.value(i)) ? 1 : 0);
        }
    }

    @Override
    public boolean compute(Window window) {
        return window.give(upTo[window.to() - 1] - upTo[window.from()]);
    }
}
