package io.metricstream.storage.part;

import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.PackedOutput;
import java.util.ArrayList;
import java.util.List;

/**
 * The contents page of a part, from which everything else is found: what the part is, where its series pages begin and
 * with which series, where its sample pages begin, and for each label where its values are.
 *
 * @param samplePages where each begins in the file
 * @param firstBlocks the number of the first block in each sample page, and behind them the number of all blocks
 * @param seriesPages where each begins in the file
 * @param firstSeries the number of the first series in each series page
 * @param labels in ascending order of their names
 */
@SuppressWarnings("ArrayRecordComponent") // Columns shared by readers that change nothing; never compared.
record Contents(
        PartHeader header,
        long[] samplePages,
        long[] firstBlocks,
        long[] seriesPages,
        int[] firstSeries,
        List<LabelPages> labels) {
    /**
     * Where a label's values are.
     *
     * @param name the label's name, in UTF-8
     * @param values how many values it has
     * @param pages where each page of values begins in the file
     * @param firstValues the first value in each page, in UTF-8
     */
    @SuppressWarnings("ArrayRecordComponent")
    record LabelPages(byte[] name, int values, long[] pages, byte[][] firstValues) {}

    /** How many blocks the part has. */
    long blocks() {
        return firstBlocks[samplePages.length];
    }

    /** At most so many bytes are read for a sample page at first; most often it has them. */
    int expectedBytes(int samplePage) {
        long next = samplePage + 1 < samplePages.length ? samplePages[samplePage + 1] : header.bytes();
        long length = next - samplePages[samplePage] - PartLayout.PAGE_HEADER_BYTES;
        return (int) Math.max(0, Math.min(2 * PartLayout.SAMPLE_PAGE_BYTES, length));
    }

    void encode(PackedOutput out) {
        PartHeader.Origin origin = header.origin();
        out.signed(origin.partitionStartMillis());
        out.varint(origin.partitionSpanMillis());
        out.signed(origin.firstSequence());
        out.signed(origin.lastSequence());
        out.varint(origin.lastDeletion());
        out.signed(header.minMillis());
        out.signed(header.maxMillis());
        out.varint(header.series());
        out.varint(header.samples());
        putAscending(out, samplePages);
        for (int i = 0; i < samplePages.length; i++) {
            out.varint(firstBlocks[i + 1] - firstBlocks[i]);
        }
        putAscending(out, seriesPages);
        int before = 0;
        for (int first : firstSeries) {
            out.varint(first - before);
            before = first;
        }
        out.varint(labels.size());
        for (LabelPages label : labels) {
            putText(out, label.name());
            out.varint(label.values());
            putAscending(out, label.pages());
            for (byte[] first : label.firstValues()) {
                putText(out, first);
            }
        }
    }

    static Contents decode(PageReader in, long fileBytes) throws StorageFailure {
        var origin = new PartHeader.Origin(
                in.readZigzag(), in.readVarint(), in.readZigzag(), in.readZigzag(), in.readVarint());
        long minMillis = in.readZigzag();
        long maxMillis = in.readZigzag();
        int series = in.readInt(Integer.MAX_VALUE);
        long samples = in.readVarint();
        long[] samplePages = readAscending(in, fileBytes);
        long[] firstBlocks = readFirstBlocks(in, samplePages.length);
        long[] seriesPages = readAscending(in, fileBytes);
        int[] firstSeries = readFirstSeries(in, seriesPages.length, series);
        int labelCount = in.readInt(fileBytes);
        var labels = new ArrayList<LabelPages>();
        for (int i = 0; i < labelCount; i++) {
            byte[] name = readText(in);
            int values = in.readInt(Integer.MAX_VALUE);
            long[] pages = readAscending(in, fileBytes);
            if (pages.length == 0) {
                throw in.corrupt("a label without values");
            }
            byte[][] firstValues = new byte[pages.length][];
            for (int page = 0; page < pages.length; page++) {
                firstValues[page] = readText(in);
            }
            labels.add(new LabelPages(name, values, pages, firstValues));
        }
        var header = new PartHeader(origin, minMillis, maxMillis, series, samples, fileBytes);
        return new Contents(header, samplePages, firstBlocks, seriesPages, firstSeries, labels);
    }

    private static long[] readFirstBlocks(PageReader in, int pages) throws StorageFailure {
        long[] firstBlocks = new long[pages + 1];
        for (int i = 0; i < pages; i++) {
            int blocks = in.readInt(Integer.MAX_VALUE);
            if (blocks == 0) {
                throw in.corrupt("a page without blocks");
            }
            firstBlocks[i + 1] = firstBlocks[i] + blocks;
        }
        return firstBlocks;
    }

    private static int[] readFirstSeries(PageReader in, int pages, int series) throws StorageFailure {
        int[] firstSeries = new int[pages];
        int before = 0;
        for (int i = 0; i < pages; i++) {
            int added = in.readInt((long) series - before);
            if (added == 0 != (i == 0)) {
                throw in.corrupt("a page of series that begins where another does");
            }
            before += added;
            firstSeries[i] = before;
        }
        if (pages == 0) {
            throw in.corrupt("a part without series");
        }
        return firstSeries;
    }

    private static void putAscending(PackedOutput out, long[] offsets) {
        out.varint(offsets.length);
        long before = 0;
        for (long offset : offsets) {
            out.varint(offset - before);
            before = offset;
        }
    }

    private static long[] readAscending(PageReader in, long fileBytes) throws StorageFailure {
        long[] offsets = new long[in.readInt(in.remaining())];
        long before = 0;
        for (int i = 0; i < offsets.length; i++) {
            before += in.readVarint();
            if (before < 0 || before > fileBytes) {
                throw in.corrupt("a page beyond the end of the file: offset=" + before);
            }
            offsets[i] = before;
        }
        return offsets;
    }

    private static void putText(PackedOutput out, byte[] text) {
        out.varint(text.length);
        out.bytes(text, 0, text.length);
    }

    private static byte[] readText(PageReader in) throws StorageFailure {
        int length = in.readInt(PartLayout.MAX_PAGE_BYTES);
        int from = in.skip(length);
        return java.util.Arrays.copyOfRange(in.bytes(), from, from + length);
    }
}
