package io.metricstream.storage.block;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * The time columns of one page, each once: series that are written together have the same times.
 *
 * <p>Limits: keeps the times of the page it is filling, 8 bytes a sample.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class TimeTable {
    private static final int SLOTS = 4 * BlockPageLayout.MAX_BLOCKS;

    private final ColumnEncoder encoder = new ColumnEncoder();
    private long[] times = new long[BlockPageLayout.MAX_BLOCK_SAMPLES];
    private final int[] starts = new int[BlockPageLayout.MAX_BLOCKS + 1];
    private final long[] hashes = new long[BlockPageLayout.MAX_BLOCKS];
    /** Columns by hash, from 1; 0 is an empty slot. */
    private final int[] slots = new int[SLOTS];

    private int columns;
    private int last;

    private final PackedOutput modes = new PackedOutput();
    private final PackedOutput shifts = new PackedOutput();
    private final PackedOutput numbers = new PackedOutput();
    private final PackedOutput high = new PackedOutput();
    private final PackedOutput low = new PackedOutput();
    private long firstBefore;

    void clear() {
        columns = 0;
        last = 0;
        firstBefore = 0;
        Arrays.fill(slots, 0);
        modes.clear();
        shifts.clear();
        numbers.clear();
        high.clear();
        low.clear();
    }

    /** The column with these times, added where it is new. */
    int columnOf(long[] of, int count) {
        if (columns > 0 && isColumn(last, of, count)) {
            return last;
        }
        long hash = count;
        for (int i = 0; i < count; i++) {
            hash = (hash ^ of[i]) * 0x9e3779b97f4a7c15L;
        }
        hash ^= hash >>> 32;
        int slot = (int) hash & SLOTS - 1;
        for (; slots[slot] != 0; slot = slot + 1 & SLOTS - 1) {
            int column = slots[slot] - 1;
            if (hashes[column] == hash && isColumn(column, of, count)) {
                last = column;
                return column;
            }
        }
        add(of, count, hash);
        slots[slot] = columns;
        last = columns - 1;
        return last;
    }

    private boolean isColumn(int column, long[] of, int count) {
        return Arrays.equals(times, starts[column], starts[column + 1], of, 0, count);
    }

    private void add(long[] of, int count, long hash) {
        int start = starts[columns];
        if (times.length < start + count) {
            times = Arrays.copyOf(times, Math.max(start + count, 2 * times.length));
        }
        System.arraycopy(of, 0, times, start, count);
        hashes[columns++] = hash;
        starts[columns] = start + count;
        encoder.encode(of, count, ColumnEncoder.Divisors.ANY);
        modes.octet(encoder.mode());
        shifts.octet(encoder.shift());
        numbers.varint(count);
        numbers.signed(of[0] - firstBefore);
        firstBefore = of[0];
        if (encoder.order() != ColumnShape.FLAT) {
            numbers.varint(of[count - 1] - of[0]);
        }
        encoder.putNumbers(numbers);
        encoder.putHigh(high);
        encoder.putLow(low);
    }

    int columns() {
        return columns;
    }

    /** Bytes of the page so far that are due to times. */
    int bytes() {
        return 2 * columns + numbers.length() + high.length() + low.length();
    }

    void putShapes(PackedOutput out) {
        out.append(modes);
        out.append(shifts);
    }

    PackedOutput numbers() {
        return numbers;
    }

    PackedOutput high() {
        return high;
    }

    PackedOutput low() {
        return low;
    }
}
