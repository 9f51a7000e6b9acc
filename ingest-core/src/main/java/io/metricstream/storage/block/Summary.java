package io.metricstream.storage.block;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Least, greatest and sum of a block's values: as integers beside the first one where the block is decimal throughout,
 * as doubles otherwise; a block that is a straight line needs none. None is made of a block with a value that is not
 * finite, nor of one so small that decoding it costs little more.
 *
 * <p>The sum of decimals is exact before it is rounded; that of others is compensated.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class Summary {
    /** Blocks with fewer samples are decoded as fast as their summary is read. */
    private static final int FEWEST = 64;
    /** Sums of integers stay below this, so that nothing overflows. */
    private static final long LIMIT = 1L << 62;

    private double min;
    private double max;
    private double sum;
    private long minSteps;
    private long maxSteps;
    private long sumSteps;

    /** Whether a block's summary follows from its integers. */
    static boolean isInteger(int exponent, boolean exceptions) {
        return exponent != Decimals.BITS && !exceptions;
    }

    /** Summarizes a block as it was just encoded; false where it has no summary. */
    boolean of(double[] values, int count, ValueEncoder encoder) {
        boolean flat = encoder.column().order() == ColumnShape.FLAT;
        if (count < FEWEST && !flat) {
            return false;
        }
        if (isInteger(encoder.exponent(), encoder.exceptions() > 0)) {
            return ofIntegers(encoder.integers(), count);
        }
        return !flat && ofValues(values, count);
    }

    private boolean ofIntegers(long[] integers, int count) {
        long first = integers[0];
        long least = first;
        long greatest = first;
        long total = 0;
        for (int i = 0; i < count; i++) {
            long x = integers[i];
            least = Math.min(least, x);
            greatest = Math.max(greatest, x);
            total += x - first;
        }
        minSteps = first - least;
        maxSteps = greatest - first;
        sumSteps = total;
        long bound = LIMIT / count;
        return -bound < least && greatest < bound;
    }

    private boolean ofValues(double[] values, int count) {
        double least = values[0];
        double greatest = values[0];
        double total = 0;
        double lost = 0;
        for (int i = 0; i < count; i++) {
            double x = values[i];
            least = Math.min(least, x);
            greatest = Math.max(greatest, x);
            double next = total + x;
            lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
            total = next;
        }
        min = least;
        max = greatest;
        sum = total + lost;
        return Double.isFinite(least) && Double.isFinite(greatest) && Double.isFinite(sum);
    }

    /** Writes what {@link #of} found. */
    void put(ValueEncoder encoder, PackedOutput out) {
        if (!isInteger(encoder.exponent(), encoder.exceptions() > 0)) {
            out.fixedLong(Double.doubleToRawLongBits(min));
            out.fixedLong(Double.doubleToRawLongBits(max));
            out.fixedLong(Double.doubleToRawLongBits(sum));
        } else if (encoder.column().order() != ColumnShape.FLAT) {
            out.varint(minSteps);
            out.varint(maxSteps);
            out.signed(sumSteps);
        }
    }
}
