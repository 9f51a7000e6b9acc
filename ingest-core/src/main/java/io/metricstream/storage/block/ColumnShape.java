package io.metricstream.storage.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** How the columns of {@link ColumnEncoder} are laid out, and become integers again. Stateless. */
final class ColumnShape {
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** The order of a column without remainders: a straight line. */
    static final int FLAT = 3;
    /** A remainder of 64 bits has 8 in its high part. */
    static final int MAX_SHIFT = 56;

    private ColumnShape() {}

    /** The bytes of all low parts of a column. */
    static int lowBytes(int count, int shift) {
        return (int) (((long) (count - 1) * shift + 7) >>> 3);
    }

    /**
     * Puts the remainders together, {@code out[1]} being the first. The low parts may be read up to seven bytes beyond
     * their end.
     */
    static void join(byte[] high, int highAt, byte[] low, int lowAt, int shift, int count, long[] out) {
        int from = highAt - 1;
        if (shift == 0) {
            for (int i = 1; i < count; i++) {
                out[i] = high[from + i];
            }
            return;
        }
        long mask = (1L << shift) - 1;
        int bit = 0;
        for (int i = 1; i < count; i++) {
            long word = (long) LONGS.get(low, lowAt + (bit >>> 3)) >>> (bit & 7);
            out[i] = (long) high[from + i] << shift | (word & mask);
            bit += shift;
        }
    }

    /** The reverse of {@link #join} for the lower parts; up to seven bytes behind them are overwritten. */
    static void packLow(long[] remainders, int count, int shift, byte[] to, int from) {
        int at = from;
        long mask = (1L << shift) - 1;
        long pending = 0;
        int pendingBits = 0;
        for (int i = 1; i < count; i++) {
            long low = remainders[i] & mask;
            pending |= low << pendingBits;
            pendingBits += shift;
            if (pendingBits >= Long.SIZE) {
                LONGS.set(to, at, pending);
                at += Long.BYTES;
                pendingBits -= Long.SIZE;
                pending = pendingBits == 0 ? 0 : low >>> (shift - pendingBits);
            }
        }
        LONGS.set(to, at, pending);
    }

    /** Turns remainders into the numbers they remain of, in place. */
    static void integrate(int order, long first, long step, long centre, int count, long[] inOut) {
        inOut[0] = first;
        switch (order) {
            case 0 -> {
                for (int i = 1; i < count; i++) {
                    inOut[i] = first + step * (centre + inOut[i]);
                }
            }
            case 1 -> {
                long x = first;
                for (int i = 1; i < count; i++) {
                    x += step * (centre + inOut[i]);
                    inOut[i] = x;
                }
            }
            case 2 -> {
                long x = first;
                long slope = centre;
                for (int i = 1; i < count; i++) {
                    slope += inOut[i];
                    x += step * slope;
                    inOut[i] = x;
                }
            }
            default -> line(first, step * centre, count, inOut);
        }
    }

    /** A straight line. */
    static void line(long first, long slope, int count, long[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = first + slope * i;
        }
    }
}
