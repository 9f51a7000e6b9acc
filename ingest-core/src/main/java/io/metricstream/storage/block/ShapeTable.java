package io.metricstream.storage.block;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** The shapes of a page's columns as its directory gives them, and where in the page their remainders lie. */
@OwnedBy(Role.QUERY)
final class ShapeTable {
    private int[] mode = new int[0];
    private int[] shift = new int[0];
    private long[] first = new long[0];
    private long[] centre = new long[0];
    private long[] step = new long[0];
    /** Where in the directory the patches begin. */
    private int[] patchesAt = new int[0];

    private int[] highAt = new int[0];
    private int[] lowAt = new int[0];
    private int size;
    private int highBytes;
    private int lowBytes;
    private final PackedInput patches = new PackedInput();

    /** Begins a table of so many columns with their modes and shifts. */
    void begin(int columns, byte[] in, int modesAt, int shiftsAt) throws BlockFormatException {
        if (mode.length < columns) {
            mode = new int[columns];
            shift = new int[columns];
            first = new long[columns];
            centre = new long[columns];
            step = new long[columns];
            patchesAt = new int[columns];
            highAt = new int[columns];
            lowAt = new int[columns];
        }
        size = 0;
        highBytes = 0;
        lowBytes = 0;
        for (int i = 0; i < columns; i++) {
            mode[i] = in[modesAt + i] & 0xff;
            shift[i] = in[shiftsAt + i] & 0xff;
            if (shift[i] > ColumnShape.MAX_SHIFT) {
                throw new BlockFormatException(
                        "shift: found=" + shift[i] + ", wanted at most " + ColumnShape.MAX_SHIFT);
            }
        }
    }

    /** Reads the numbers of the next column. */
    void read(PackedInput in, long firstNumber, int count) throws BlockFormatException {
        int i = size++;
        first[i] = firstNumber;
        centre[i] = (mode[i] & BlockPageLayout.MODE_CENTRE) == 0 ? 0 : in.signed();
        step[i] = (mode[i] & BlockPageLayout.MODE_STEP) == 0 ? 1 : in.varint();
        highAt[i] = highBytes;
        lowAt[i] = lowBytes;
        patchesAt[i] = in.position();
        if (order(i) != ColumnShape.FLAT) {
            highBytes += count - 1;
            lowBytes += ColumnShape.lowBytes(count, shift[i]);
            if (highBytes > BlockPageLayout.MAX_PAGE_BYTES || lowBytes > BlockPageLayout.MAX_PAGE_BYTES) {
                throw new BlockFormatException("a page of more than " + BlockPageLayout.MAX_PAGE_BYTES + " bytes");
            }
        } else if (count > 1 && (mode[i] & BlockPageLayout.MODE_PATCHES) != 0) {
            throw new BlockFormatException("patches on a straight line");
        }
        if ((mode[i] & BlockPageLayout.MODE_PATCHES) != 0) {
            int place = 0;
            for (int left = in.count(count - 1L); left > 0; left--) {
                place += 1 + in.count(count - 2L - place);
                in.varint();
            }
        }
    }

    int mode(int column) {
        return mode[column];
    }

    int order(int column) {
        return mode[column] & BlockPageLayout.MODE_ORDER;
    }

    long first(int column) {
        return first[column];
    }

    /** By how much a straight line climbs from one number to the next. */
    long slope(int column) {
        return step[column] * centre[column];
    }

    /** The bytes of all upper parts. */
    int highBytes() {
        return highBytes;
    }

    /** The bytes of all lower parts. */
    int lowBytes() {
        return lowBytes;
    }

    /** The numbers of a column; the lower parts of all of them begin at {@code lowFrom}. */
    void decode(int column, int count, byte[] directory, byte[] high, byte[] low, int lowFrom, long[] out)
            throws BlockFormatException {
        int order = order(column);
        if (order != ColumnShape.FLAT) {
            ColumnShape.join(high, highAt[column], low, lowFrom + lowAt[column], shift[column], count, out);
            if ((mode[column] & BlockPageLayout.MODE_PATCHES) != 0) {
                patches.reset(directory, patchesAt[column], directory.length);
                int place = 0;
                for (int left = patches.count(count); left > 0; left--) {
                    place += 1 + patches.count(count);
                    out[place] = patches.signed();
                }
            }
        }
        ColumnShape.integrate(order, first[column], step[column], centre[column], count, out);
    }
}
