package io.metricstream.promql.engine;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** A set of steps. */
@OwnedBy(Role.QUERY)
final class Steps {
    private final int steps;
    private final long[] bits;

    Steps(int steps) {
        this.steps = steps;
        this.bits = new long[Column.words(steps)];
    }

    void add(int step) {
        bits[step >>> 6] |= 1L << step;
    }

    boolean has(int step) {
        return (bits[step >>> 6] >>> step & 1) != 0;
    }

    boolean isFull() {
        int count = 0;
        for (long word : bits) {
            count += Long.bitCount(word);
        }
        return count == steps;
    }

    void or(long[] words) {
        for (int i = 0; i < bits.length; i++) {
            bits[i] |= words[i];
        }
    }

    void mask(long[] words, boolean inside) {
        for (int i = 0; i < bits.length; i++) {
            words[i] &= inside ? bits[i] : ~bits[i];
        }
    }
}
