package io.metricstream.storage.block;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Finds the order and the centre with which the remainders of a column take the fewest bits, by counting them for each
 * order.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class ColumnOrder {
    /** Odd number of values of which the middle one is taken as the centre. */
    private static final int SAMPLED = 15;

    private final long[] sample = new long[SAMPLED];
    private int order;
    private long centre;

    /** Compares the orders by the bits of what remains, signs counted where both occur. */
    void choose(long[] y, int count) {
        int n = count - 1;
        long level = middle(y, count, 0);
        long slope = middle(y, count, 1);
        long bits0 = 0;
        long bits1 = 0;
        long bits1Centred = 0;
        long bits2 = 0;
        long negative0 = 0;
        long negative1 = 0;
        long negative1Centred = 0;
        long negative2 = 0;
        long before = 0;
        long slopeBefore = y[1];
        for (int i = 1; i <= n; i++) {
            long d = y[i] - before;
            before = y[i];
            bits1 += length(d);
            negative1 -= d >> 63;
            long centred = d - slope;
            bits1Centred += length(centred);
            negative1Centred -= centred >> 63;
            long plain = y[i] - level;
            bits0 += length(plain);
            negative0 -= plain >> 63;
            long bend = d - slopeBefore;
            slopeBefore = d;
            bits2 += length(bend);
            negative2 -= bend >> 63;
        }
        bits0 += signs(negative0, n) + centreBits(level);
        bits1 += signs(negative1, n);
        bits1Centred += signs(negative1Centred, n) + centreBits(slope);
        bits2 += signs(negative2, n) + centreBits(y[1]);
        order = 1;
        centre = 0;
        long best = bits1;
        // Neighbouring columns share an entropy coder and gain by being alike: another shape must be worth it.
        long margin = n / 4;
        if (bits1Centred < best - margin) {
            centre = slope;
            best = bits1Centred;
        }
        if (bits2 < best - margin) {
            order = 2;
            centre = y[1];
            best = bits2;
        }
        if (bits0 < best - margin) {
            order = 0;
            centre = level;
        }
    }

    int order() {
        return order;
    }

    long centre() {
        return centre;
    }

    /** The middle one of some numbers spread over the column, or of some differences. */
    private long middle(long[] y, int count, int differences) {
        int n = Math.min(SAMPLED, count - 1);
        int taken = 0;
        for (int j = 0; j < n; j++) {
            int i = 1 + (int) ((long) j * (count - 2) / Math.max(1, n - 1));
            long value = y[i] - differences * y[i - 1];
            int k = taken++;
            for (; k > 0 && sample[k - 1] > value; k--) {
                sample[k] = sample[k - 1];
            }
            sample[k] = value;
        }
        return sample[taken / 2];
    }

    /** The bits of a number without its sign. */
    static int length(long r) {
        return Long.SIZE - Long.numberOfLeadingZeros(r ^ r >> 63);
    }

    /** What the signs cost, about; nothing where they are all the same. */
    private static long signs(long negative, long n) {
        return 4 * negative * (n - negative) / n;
    }

    /** What a centre costs; nothing where it is 0. */
    static long centreBits(long centre) {
        return centre == 0 ? 0 : 8L * PackedOutput.varintBytes(centre << 1 ^ centre >> 63);
    }
}
