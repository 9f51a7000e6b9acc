package io.metricstream.promql.function;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Sums over windows of a series. Where windows overlap much, blocks of {@value #BLOCK} samples are summed once, from each sample to
 * the end of its block and from the beginning to each sample, and a window adds an end, whole blocks, and a beginning. A window is
 * not changed by taking away what leaves it, for that would leave the rounding errors of everything behind.
 */
@OwnedBy(Role.QUERY)
final class BlockSums {
    private static final int BLOCK = 16;
    /** Blocks are worth it where the samples of all windows are so many times those of the series. */
    private static final int OVERLAP = 3;

    private final KahanSum sum = new KahanSum();
    private final Parts ends = new Parts();
    private final Parts beginnings = new Parts();
    /** Samples in whole blocks; -1 where that is not known yet. */
    private int inBlocks;

    /** Sums with what was lost in them, one for each sample. */
    private static final class Parts {
        private double[] sums = new double[0];
        private double[] rests = new double[0];

        void makeRoom(int size) {
            if (sums.length < size) {
                sums = new double[size];
                rests = new double[size];
            }
        }

        void put(int index, KahanSum sum) {
            sums[index] = sum.sum();
            rests[index] = sum.rest();
        }

        void addTo(KahanSum sum, int index) {
            sum.add(sums[index], rests[index]);
        }
    }

    void begin() {
        inBlocks = -1;
    }

    /** The compensated sum of a window, which may be infinite or no number where blocks alone are. */
    KahanSum of(Window window) {
        if (inBlocks < 0) {
            makeBlocks(window);
        }
        int from = window.from();
        int to = window.to();
        int firstEnd = (from / BLOCK + 1) * BLOCK;
        int lastBegin = to / BLOCK * BLOCK;
        sum.clear();
        if (firstEnd > lastBegin || lastBegin > inBlocks) {
            return addAll(window, from, to);
        }
        ends.addTo(sum, from);
        for (int block = firstEnd; block < lastBegin; block += BLOCK) {
            ends.addTo(sum, block);
        }
        if (to <= inBlocks && lastBegin < to) {
            beginnings.addTo(sum, to - 1);
        } else {
            KahanSum unused = addAll(window, lastBegin, to);
        }
        if (Double.isInfinite(sum.sum()) || Double.isNaN(sum.sum())) {
            // A block may overflow where the samples one by one do not.
            sum.clear();
            return addAll(window, from, to);
        }
        return sum;
    }

    private KahanSum addAll(Window window, int from, int to) {
        sum.addAll(window.samples().values(), from, to);
        return sum;
    }

    private void makeBlocks(Window window) {
        int samples = window.samples().size();
        inBlocks = window.samplesOfAll() < (long) OVERLAP * samples ? 0 : samples / BLOCK * BLOCK;
        ends.makeRoom(inBlocks);
        beginnings.makeRoom(inBlocks);
        double[] values = window.samples().values();
        for (int block = 0; block < inBlocks; block += BLOCK) {
            sum.clear();
            for (int i = block; i < block + BLOCK; i++) {
                sum.addAll(values, i, i + 1);
                beginnings.put(i, sum);
            }
            sum.clear();
            for (int i = block + BLOCK - 1; i >= block; i--) {
                sum.addAll(values, i, i + 1);
                ends.put(i, sum);
            }
        }
    }
}
