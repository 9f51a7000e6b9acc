package io.metricstream.promql.engine;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.parse.AggregateOp;
import java.util.Arrays;

/**
 * The best so many of the values that are offered: a heap with the worst at its top. Of equal ones, those that came first
 * stay; what is no number is worse than everything.
 */
@OwnedBy(Role.QUERY)
final class KeptK {
    private final AggregateOp op;
    private final int most;
    private int[] indexes;
    private double[] values;
    private int size;

    KeptK(AggregateOp op, int most) {
        this.op = op;
        this.most = most;
        int room = Math.max(0, Math.min(most, 16));
        this.indexes = new int[room];
        this.values = new double[room];
    }

    void offer(int index, double value) {
        if (size < most) {
            if (size == values.length) {
                indexes = Arrays.copyOf(indexes, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            put(size, index, value);
            up(size++);
        } else if (op != AggregateOp.LIMITK && isBetter(value, values[0])) {
            put(0, index, value);
            down(size);
        }
    }

    private boolean isBetter(double value, double than) {
        boolean better = op == AggregateOp.TOPK ? value > than : value < than;
        return better || (Double.isNaN(than) && !Double.isNaN(value));
    }

    /** Whether the first is to stand above the second in the heap. */
    private boolean isWorse(double value, double than) {
        if (Double.isNaN(value)) {
            return true;
        }
        return op == AggregateOp.TOPK ? value < than : value > than;
    }

    private void up(int from) {
        int at = from;
        while (at > 0 && op != AggregateOp.LIMITK) {
            int parent = (at - 1) / 2;
            if (!isWorse(values[at], values[parent])) {
                return;
            }
            swap(at, parent);
            at = parent;
        }
    }

    private void down(int end) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= end) {
                return;
            }
            if (child + 1 < end && isWorse(values[child + 1], values[child])) {
                child++;
            }
            if (!isWorse(values[child], values[at])) {
                return;
            }
            swap(at, child);
            at = child;
        }
    }

    /** The indexes of those that stayed, the best first, or as they came where none is better. The heap is used up. */
    int[] inOrder() {
        if (op != AggregateOp.LIMITK) {
            for (int end = size - 1; end > 0; end--) {
                swap(0, end);
                down(end);
            }
        }
        return Arrays.copyOf(indexes, size);
    }

    private void put(int at, int index, double value) {
        indexes[at] = index;
        values[at] = value;
    }

    private void swap(int a, int b) {
        int index = indexes[a];
        double value = values[a];
        put(a, indexes[b], values[b]);
        put(b, index, value);
    }
}
