package io.metricstream.storage.block;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** What a page's directory says of its blocks, in columns. */
@OwnedBy(Role.QUERY)
final class PageDirectory {
    private final ShapeTable times = new ShapeTable();
    private final ShapeTable values = new ShapeTable();
    private byte[] bytes = new byte[0];
    private int length;
    private int blocks;
    private int timeHighStored;
    private int valueHighStored;

    /** Of each time column. */
    private int[] count = new int[0];

    private long[] lastMillis = new long[0];

    /** Of each block. */
    private int[] timeColumn = new int[0];

    private int[] exponent = new int[0];
    private int[] exceptionsAt = new int[0];
    private double[] min = new double[0];
    private double[] max = new double[0];
    private double[] sum = new double[0];

    /** Reads a directory from these bytes, which stay as they are while it is used. */
    void read(PackedInput in, byte[] from) throws BlockFormatException {
        bytes = from;
        length = in.position() + in.remaining();
        blocks = in.count(BlockPageLayout.MAX_BLOCKS);
        int columns = in.count(blocks);
        if (columns == 0) {
            throw new BlockFormatException("a page without blocks");
        }
        timeHighStored = in.count(BlockPageLayout.MAX_PAGE_BYTES);
        valueHighStored = in.count(BlockPageLayout.MAX_PAGE_BYTES);
        grow(columns);
        times.begin(columns, from, in.take(columns), in.take(columns));
        values.begin(blocks, from, in.take(blocks), in.take(blocks));
        int exponentsAt = in.take(blocks);
        for (int i = 0; i < blocks; i++) {
            exponent[i] = from[exponentsAt + i] & 0xff;
            if (exponent[i] > Decimals.MAX_EXPONENT && exponent[i] != Decimals.BITS) {
                throw new BlockFormatException(
                        "exponent: found=" + exponent[i] + ", wanted at most " + Decimals.MAX_EXPONENT);
            }
        }
        int column = 0;
        for (int i = 0; i < blocks; i++) {
            long next = column + in.signed();
            if (next < 0 || next >= columns) {
                throw new BlockFormatException("time column: found=" + next + ", wanted less than " + columns);
            }
            column = (int) next;
            timeColumn[i] = column;
        }
        readTimes(in, columns);
        readValues(in);
        in.expectEnd();
    }

    private void grow(int columns) {
        if (count.length < columns) {
            count = new int[columns];
            lastMillis = new long[columns];
        }
        if (timeColumn.length < blocks) {
            timeColumn = new int[blocks];
            exponent = new int[blocks];
            exceptionsAt = new int[blocks];
            min = new double[blocks];
            max = new double[blocks];
            sum = new double[blocks];
        }
    }

    private void readTimes(PackedInput in, int columns) throws BlockFormatException {
        long first = 0;
        for (int i = 0; i < columns; i++) {
            count[i] = in.count(BlockPageLayout.MAX_BLOCK_SAMPLES);
            if (count[i] == 0) {
                throw new BlockFormatException("a time column without times");
            }
            first += in.signed();
            boolean flat = times.order(i) == ColumnShape.FLAT;
            long span = flat ? 0 : in.varint();
            times.read(in, first, count[i]);
            lastMillis[i] = first + (flat ? times.slope(i) * (count[i] - 1) : span);
        }
    }

    private void readValues(PackedInput in) throws BlockFormatException {
        long firstBefore = 0;
        int exponentBefore = 0;
        for (int i = 0; i < blocks; i++) {
            long first = in.signed() + (exponent[i] == exponentBefore ? firstBefore : 0);
            firstBefore = first;
            exponentBefore = exponent[i];
            int samples = count(i);
            values.read(in, first, samples);
            exceptionsAt[i] = in.position();
            if (hasExceptions(i)) {
                int place = -1;
                for (int left = in.count(samples); left > 0; left--) {
                    place += 1 + in.count(samples - 2L - place);
                    in.take(Long.BYTES);
                }
            }
            if (isSummarized(i)) {
                readSummary(in, i);
            }
        }
    }

    private void readSummary(PackedInput in, int block) throws BlockFormatException {
        if (!Summary.isInteger(exponent[block], hasExceptions(block))) {
            min[block] = Double.longBitsToDouble(in.fixedLong());
            max[block] = Double.longBitsToDouble(in.fixedLong());
            sum[block] = Double.longBitsToDouble(in.fixedLong());
            return;
        }
        long first = values.first(block);
        long n = count(block);
        long least;
        long greatest;
        long total;
        if (values.order(block) == ColumnShape.FLAT) {
            long last = first + values.slope(block) * (n - 1);
            least = Math.min(first, last);
            greatest = Math.max(first, last);
            total = values.slope(block) * (n * (n - 1) / 2);
        } else {
            least = first - in.varint();
            greatest = first + in.varint();
            total = in.signed();
        }
        min[block] = Decimals.ofMantissa(least, exponent[block]);
        max[block] = Decimals.ofMantissa(greatest, exponent[block]);
        sum[block] = Decimals.ofMantissa(first * n + total, exponent[block]);
    }

    /** Puts the values that are stored as they are in their places. */
    void putExceptions(int block, PackedInput in, double[] to) throws BlockFormatException {
        if (hasExceptions(block)) {
            in.reset(bytes, exceptionsAt[block], length);
            int place = -1;
            for (int left = in.count(count(block)); left > 0; left--) {
                place += 1 + in.count(count(block));
                to[place] = Double.longBitsToDouble(in.fixedLong());
            }
        }
    }

    private boolean hasExceptions(int block) {
        return (values.mode(block) & BlockPageLayout.MODE_EXCEPTIONS) != 0;
    }

    boolean isSummarized(int block) {
        return (values.mode(block) & BlockPageLayout.MODE_SUMMARY) != 0;
    }

    int blocks() {
        return blocks;
    }

    int timeColumn(int block) {
        return timeColumn[block];
    }

    int count(int block) {
        return count[timeColumn[block]];
    }

    long firstMillis(int block) {
        return times.first(timeColumn[block]);
    }

    long lastMillis(int block) {
        return lastMillis[timeColumn[block]];
    }

    int exponent(int block) {
        return exponent[block];
    }

    double min(int block) {
        return min[block];
    }

    double max(int block) {
        return max[block];
    }

    double sum(int block) {
        return sum[block];
    }

    /** Whether all values, and whatever sums are made of them, are whole numbers that a double holds. */
    boolean isSumExact(int block) {
        double greatest = Math.max(Math.abs(min[block]), Math.abs(max[block]));
        return exponent[block] == 0 && !hasExceptions(block) && greatest * count(block) <= Decimals.WHOLE_LIMIT;
    }

    ShapeTable times() {
        return times;
    }

    ShapeTable values() {
        return values;
    }

    int timeHighStored() {
        return timeHighStored;
    }

    int valueHighStored() {
        return valueHighStored;
    }

    /** How long what remains of the times must be. */
    int timeBytes() {
        return timeHighStored + times.lowBytes();
    }

    /** How long what remains of the values must be. */
    int valueBytes() {
        return valueHighStored + values.lowBytes();
    }
}
