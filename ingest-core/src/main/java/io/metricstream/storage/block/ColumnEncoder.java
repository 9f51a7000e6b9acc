package io.metricstream.storage.block;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * Finds the shape of a column of integers in which it takes the fewest bits, and what remains of each number then.
 *
 * <p>Let {@code y[i] = (x[i] - first) / step}. By {@link #order}: 0, {@code y[i] = centre + r[i]}; 1,
 * {@code y[i] = y[i-1] + centre + r[i]}; 2, the slope itself begins at {@code centre} and grows by {@code r[i]};
 * {@link ColumnShape#FLAT}, as 1 with every r 0. The remainder {@code r[i]} is cut in two: its low {@link #shift} bits, which are as
 * good as random and are packed as they are, and what is above them, which must fit a signed byte and is left to an
 * entropy coder. The few remainders that do not fit are patches beside them. All arithmetic wraps at 64 bits, so that
 * nothing is lost at the ends of the range.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class ColumnEncoder {
    /** Common divisors and patches cost some bytes; below this count they are not looked for. */
    private static final int FEW = 16;
    /** Bits of a remainder that the entropy coded byte holds, besides its sign. */
    private static final int HIGH_BITS = 7;
    /** Beside its own bits, a patch takes a byte for its place and some of its length. */
    private static final int PATCH_BITS = 16;

    private long[] y = new long[0];
    private long[] residual = new long[0];
    private final ColumnOrder chosen = new ColumnOrder();
    private final int[] lengths = new int[Long.SIZE + 1];
    private int[] patchAt = new int[0];
    private long[] patchValue = new long[0];

    private int count;
    private long first;
    private long step;
    private long centre;
    private int order;
    private int shift;
    private int patches;
    private long bits;

    /** Whether 3 of the column's numbers share a divisor matters only where they are decimal. */
    enum Divisors {
        ANY,
        POWERS_OF_TWO
    }

    void encode(long[] x, int samples, Divisors divisors) {
        count = samples;
        if (y.length < samples) {
            y = new long[samples];
            residual = new long[samples];
            patchAt = new int[samples / 8 + 1];
            patchValue = new long[samples / 8 + 1];
        }
        first = x[0];
        step = 1;
        centre = 0;
        shift = 0;
        patches = 0;
        bits = 0;
        order = ColumnShape.FLAT;
        if (samples == 1) {
            return;
        }
        long different = 0;
        long slope = x[1] - first;
        for (int i = 1; i < samples; i++) {
            y[i] = x[i] - first;
            different |= x[i] - x[i - 1] - slope;
        }
        y[0] = 0;
        if (different == 0) {
            centre = slope;
            return;
        }
        chooseOrder();
        int top = residuals();
        if (top > HIGH_BITS && samples >= FEW && divide(divisors)) {
            chooseOrder();
            top = residuals();
        }
        chooseShift(top);
        bits += ColumnOrder.centreBits(centre) + 8L * PackedOutput.varintBytes(step);
    }

    private void chooseOrder() {
        chosen.choose(y, count);
        order = chosen.order();
        centre = chosen.centre();
    }

    /** Fills the remainders and counts their lengths; returns the greatest length. */
    private int residuals() {
        Arrays.fill(lengths, 0);
        long before = order == 2 ? centre : 0;
        for (int i = 1; i < count; i++) {
            long r;
            if (order == 0) {
                r = y[i] - centre;
            } else if (order == 1) {
                r = y[i] - y[i - 1] - centre;
            } else {
                long d = y[i] - y[i - 1];
                r = d - before;
                before = d;
            }
            residual[i] = r;
            lengths[ColumnOrder.length(r)]++;
        }
        int top = Long.SIZE;
        while (lengths[top] == 0) {
            top--;
        }
        return top;
    }

    /** Divides by what all numbers have in common; false where that is nothing. */
    private boolean divide(Divisors divisors) {
        long any = 0;
        for (int i = 1; i < count; i++) {
            any |= y[i];
        }
        long twos = Long.lowestOneBit(any);
        long divisor = divisors == Divisors.ANY ? commonDivisor(twos) : twos;
        if (divisor == 1 || divisor == Long.MIN_VALUE) {
            return false;
        }
        for (int i = 1; i < count; i++) {
            y[i] /= divisor;
        }
        step = divisor;
        return true;
    }

    /** What divides all numbers; it is a multiple of {@code least}. */
    private long commonDivisor(long least) {
        long divisor = 0;
        for (int i = 1; i < count && divisor != least; i++) {
            long a = Math.abs(y[i]);
            if (a == Long.MIN_VALUE) {
                return least;
            }
            while (a != 0) {
                long rest = divisor % a;
                divisor = a;
                a = rest;
            }
        }
        return divisor;
    }

    /** Where to cut the remainders, and which of them become patches. */
    private void chooseShift(int top) {
        int cut = top;
        bits = cutBits(top, 0);
        long longer = 0;
        long patchBits = 0;
        for (int w = top; w > 0; w--) {
            longer += lengths[w];
            if (longer > count / 8 || count < FEW) {
                break;
            }
            patchBits += (long) lengths[w] * (w + w / 8 + PATCH_BITS);
            if (lengths[w] > 0) {
                long candidate = cutBits(w - 1, patchBits + longer);
                if (candidate < bits) {
                    bits = candidate;
                    cut = w - 1;
                }
            }
        }
        shift = Math.max(0, cut - HIGH_BITS);
        if (cut < top) {
            long fits = (1L << (HIGH_BITS + shift)) - 1;
            for (int i = 1; i < count; i++) {
                long r = residual[i];
                if ((r ^ r >> 63) > fits) {
                    patchAt[patches] = i;
                    patchValue[patches++] = r;
                    residual[i] = 0;
                }
            }
        }
    }

    /** Bits of all remainders up to this length, plus those of the longer ones. */
    private long cutBits(int cut, long longer) {
        int low = Math.max(0, cut - HIGH_BITS);
        long sum = longer;
        for (int w = 0; w <= cut; w++) {
            sum += (long) lengths[w] * Math.max(w + 1, low + 1);
        }
        return sum;
    }

    /** What the encoded column takes, about, without its first number. */
    long bits() {
        return bits;
    }

    long first() {
        return first;
    }

    int order() {
        return order;
    }

    int shift() {
        return shift;
    }

    /** The order and which of the numbers are there, as {@link BlockPageLayout} has it. */
    int mode() {
        return order
                | (patches > 0 ? BlockPageLayout.MODE_PATCHES : 0)
                | (centre != 0 ? BlockPageLayout.MODE_CENTRE : 0)
                | (step != 1 ? BlockPageLayout.MODE_STEP : 0);
    }

    /** Centre, step and the places and values of the remainders that do not fit, as far as there are any. */
    void putNumbers(PackedOutput out) {
        if (centre != 0) {
            out.signed(centre);
        }
        if (step != 1) {
            out.varint(step);
        }
        if (patches > 0) {
            out.varint(patches);
        }
        int before = 0;
        for (int p = 0; p < patches; p++) {
            out.varint(patchAt[p] - before - 1);
            out.signed(patchValue[p]);
            before = patchAt[p];
        }
    }

    /** The upper parts of the remainders, a byte each. */
    void putHigh(PackedOutput out) {
        if (order == ColumnShape.FLAT) {
            return;
        }
        out.reserve(count);
        byte[] to = out.bytes();
        int at = out.length() - 1;
        for (int i = 1; i < count; i++) {
            to[at + i] = (byte) (residual[i] >> shift);
        }
        out.skip(count - 1);
    }

    /** The lower parts of the remainders, bit after bit from the lowest of each byte. */
    void putLow(PackedOutput out) {
        if (shift == 0) {
            return;
        }
        out.reserve(ColumnShape.lowBytes(count, shift) + Long.BYTES);
        ColumnShape.packLow(residual, count, shift, out.bytes(), out.length());
        out.skip(ColumnShape.lowBytes(count, shift));
    }
}
