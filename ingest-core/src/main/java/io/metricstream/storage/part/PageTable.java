package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.block.MalformedException;
import io.metricstream.storage.block.PackedInput;
import io.metricstream.storage.block.PackedOutput;
import java.util.Arrays;

/**
 * Where the pages of a part are, which series they hold and which times. Pages hold the series in their order; a long
 * series goes on in the next page.
 *
 * <p>Thread: the writer's while it grows; immutable once a part is open.
 */
@OwnedBy(Role.FLUSHER)
final class PageTable {
    private int pages;
    private long[] offset = new long[16];
    private int[] directoryLength = new int[16];
    private int[] timesLength = new int[16];
    private int[] valuesLength = new int[16];
    private int[] firstSeries = new int[16];
    private int[] lastSeries = new int[16];
    private long[] minMillis = new long[16];
    private long[] maxMillis = new long[16];

    /** Adds a page that was written; its frames follow each other, and those of length 0 are not there. */
    void add(FrameRef directory, int times, int values, int seriesFrom, int seriesTo, long min, long max) {
        if (pages == offset.length) {
            grow(2 * pages);
        }
        offset[pages] = directory.offset();
        directoryLength[pages] = directory.length();
        timesLength[pages] = times;
        valuesLength[pages] = values;
        firstSeries[pages] = seriesFrom;
        lastSeries[pages] = seriesTo;
        minMillis[pages] = min;
        maxMillis[pages] = max;
        pages++;
    }

    private void grow(int capacity) {
        offset = Arrays.copyOf(offset, capacity);
        directoryLength = Arrays.copyOf(directoryLength, capacity);
        timesLength = Arrays.copyOf(timesLength, capacity);
        valuesLength = Arrays.copyOf(valuesLength, capacity);
        firstSeries = Arrays.copyOf(firstSeries, capacity);
        lastSeries = Arrays.copyOf(lastSeries, capacity);
        minMillis = Arrays.copyOf(minMillis, capacity);
        maxMillis = Arrays.copyOf(maxMillis, capacity);
    }

    void put(PackedOutput out) {
        out.varint(pages);
        long end = PartLayout.HEADER_BYTES;
        int series = -1;
        long min = 0;
        for (int i = 0; i < pages; i++) {
            out.varint(offset[i] - end);
            out.varint(directoryLength[i]);
            out.varint(timesLength[i]);
            out.varint(valuesLength[i]);
            end = end(i);
            out.varint(firstSeries[i] - series);
            out.varint(lastSeries[i] - firstSeries[i]);
            series = lastSeries[i];
            out.signed(minMillis[i] - min);
            out.varint(maxMillis[i] - minMillis[i]);
            min = minMillis[i];
        }
    }

    /** Reads what {@link #put} wrote, for a part of so many series with frames up to this offset. */
    static PageTable read(PackedInput in, int series, long framesEnd) throws MalformedException {
        var table = new PageTable();
        // A page takes more than eight bytes here, so the count cannot be larger than the bytes allow.
        int pages = in.count(in.remaining());
        table.grow(Math.max(1, pages));
        long end = PartLayout.HEADER_BYTES;
        int last = -1;
        long min = 0;
        for (int i = 0; i < pages; i++) {
            long offset = end + in.varint();
            var directory = new FrameRef(offset, in.count(PartLayout.MAX_FRAME_BYTES));
            int times = in.count(PartLayout.MAX_FRAME_BYTES);
            int values = in.count(PartLayout.MAX_FRAME_BYTES);
            int from = last + in.count(1);
            last = from + in.count(series - 1L - from);
            min += in.signed();
            long max = min + in.varint();
            table.add(directory, times, values, from, last, min, max);
            end = table.end(i);
            if (from < 0 || offset < PartLayout.HEADER_BYTES || end < offset || end > framesEnd) {
                throw new MalformedException("a page outside the file: offset=" + offset + ", end=" + end);
            }
        }
        if (last != series - 1) {
            throw new MalformedException("series in pages: found=" + (last + 1) + ", wanted=" + series);
        }
        return table;
    }

    int pages() {
        return pages;
    }

    /** The first page with samples of a series. */
    int firstPageOf(int series) {
        int from = 0;
        int to = pages;
        while (from < to) {
            int middle = from + to >>> 1;
            if (lastSeries[middle] < series) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    FrameRef directory(int page) {
        return new FrameRef(offset[page], directoryLength[page]);
    }

    /** What remains of the times; of length 0 where nothing does. */
    FrameRef times(int page) {
        return new FrameRef(offset[page] + directoryLength[page], timesLength[page]);
    }

    /** What remains of the values; of length 0 where nothing does. */
    FrameRef values(int page) {
        return new FrameRef(offset[page] + directoryLength[page] + timesLength[page], valuesLength[page]);
    }

    /** Where the page's last frame ends. */
    long end(int page) {
        return offset[page] + directoryLength[page] + timesLength[page] + valuesLength[page];
    }

    int firstSeries(int page) {
        return firstSeries[page];
    }

    int lastSeries(int page) {
        return lastSeries[page];
    }

    boolean overlaps(int page, long fromMillis, long toMillis) {
        return minMillis[page] <= toMillis && fromMillis <= maxMillis[page];
    }

    long minMillis(int page) {
        return minMillis[page];
    }

    long maxMillis(int page) {
        return maxMillis[page];
    }
}
