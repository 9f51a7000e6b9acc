package io.metricstream.promql.function;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * Sums over windows of a series: blocks of {@value #BLOCK} samples are summed once, and a window adds whole blocks. A
 * window is not changed by taking away what leaves it, for that would leave the rounding errors of everything behind.
 */
@OwnedBy(Role.QUERY)
final class BlockSums {
    private static final int BLOCK = 16;
    /** Below it, going through the samples is as fast. */
    private static final int WIDE = 4 * BLOCK;

    private final KahanSum sum = new KahanSum();
    private double[] sums = new double[0];
    private double[] rests = new double[0];
    private int blocks;

    void begin() {
        blocks = 0;
    }

    /** The compensated sum of a window, which may be infinite or no number where blocks alone are. */
    KahanSum of(Window window) {
        sum.clear();
        if (window.size() < WIDE) {
            return addAll(window, window.from(), window.to());
        }
        int firstBlock = (window.from() + BLOCK - 1) / BLOCK;
        int endBlock = window.to() / BLOCK;
        makeBlocks(window, endBlock);
        KahanSum unused = addAll(window, window.from(), firstBlock * BLOCK);
        for (int block = firstBlock; block < endBlock; block++) {
            sum.add(sums[block], rests[block]);
        }
        unused = addAll(window, endBlock * BLOCK, window.to());
        if (Double.isInfinite(sum.sum()) || Double.isNaN(sum.sum())) {
            // A block may overflow where the samples one by one do not.
            sum.clear();
            unused = addAll(window, window.from(), window.to());
        }
        return sum;
    }

    private KahanSum addAll(Window window, int from, int to) {
        sum.addAll(window.samples().values(), from, to);
        return sum;
    }

    private void makeBlocks(Window window, int end) {
        if (sums.length < end) {
            sums = Arrays.copyOf(sums, Math.max(end, sums.length * 2));
            rests = Arrays.copyOf(rests, sums.length);
        }
        for (; blocks < end; blocks++) {
            var block = new KahanSum();
            block.addAll(window.samples().values(), blocks * BLOCK, (blocks + 1) * BLOCK);
            sums[blocks] = block.sum();
            rests[blocks] = block.rest();
        }
    }
}
