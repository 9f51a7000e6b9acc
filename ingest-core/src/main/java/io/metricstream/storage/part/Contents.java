package io.metricstream.storage.part;

import io.metricstream.storage.StorageFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * The contents page of a part, from which everything else is found: what the part is, where its series pages begin and
 * with which series, where its sample pages begin, and for each label where its values are.
 *
 * @param samplePages where each begins in the file
 * @param seriesPages where each begins in the file
 * @param firstSeries the number of the first series in each series page
 * @param labels in ascending order of their names
 */
@SuppressWarnings("ArrayRecordComponent") // Columns shared by readers that change nothing; never compared.
record Contents(PartHeader header, long[] samplePages, long[] seriesPages, int[] firstSeries, List<LabelPages> labels) {
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

    void encode(PageBuilder out) {
        PartHeader.Origin origin = header.origin();
        out.putZigzag(origin.partitionStartMillis());
        out.putVarint(origin.partitionSpanMillis());
        out.putZigzag(origin.firstSequence());
        out.putZigzag(origin.lastSequence());
        out.putVarint(origin.lastDeletion());
        out.putZigzag(header.minMillis());
        out.putZigzag(header.maxMillis());
        out.putVarint(header.series());
        out.putVarint(header.samples());
        putAscending(out, samplePages);
        putAscending(out, seriesPages);
        int before = 0;
        for (int first : firstSeries) {
            out.putVarint(first - before);
            before = first;
        }
        out.putVarint(labels.size());
        for (LabelPages label : labels) {
            putText(out, label.name());
            out.putVarint(label.values());
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
        long[] seriesPages = readAscending(in, fileBytes);
        int[] firstSeries = new int[seriesPages.length];
        int before = 0;
        for (int i = 0; i < firstSeries.length; i++) {
            before += in.readInt((long) series - before);
            firstSeries[i] = before;
        }
        int labelCount = in.readInt(fileBytes);
        var labels = new ArrayList<LabelPages>();
        for (int i = 0; i < labelCount; i++) {
            byte[] name = readText(in);
            int values = in.readInt(Integer.MAX_VALUE);
            long[] pages = readAscending(in, fileBytes);
            byte[][] firstValues = new byte[pages.length][];
            for (int page = 0; page < pages.length; page++) {
                firstValues[page] = readText(in);
            }
            labels.add(new LabelPages(name, values, pages, firstValues));
        }
        var header = new PartHeader(origin, minMillis, maxMillis, series, samples, fileBytes);
        return new Contents(header, samplePages, seriesPages, firstSeries, labels);
    }

    private static void putAscending(PageBuilder out, long[] offsets) {
        out.putVarint(offsets.length);
        long before = 0;
        for (long offset : offsets) {
            out.putVarint(offset - before);
            before = offset;
        }
    }

    private static long[] readAscending(PageReader in, long fileBytes) throws StorageFailure {
        // Each page has a header, so the file bounds their number.
        long[] offsets = new long[in.readInt(fileBytes / PartLayout.PAGE_HEADER_BYTES)];
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

    private static void putText(PageBuilder out, byte[] text) {
        out.putVarint(text.length);
        out.putBytes(text, 0, text.length);
    }

    private static byte[] readText(PageReader in) throws StorageFailure {
        int length = in.readInt(PartLayout.MAX_PAGE_BYTES);
        int from = in.skip(length);
        return java.util.Arrays.copyOfRange(in.bytes(), from, from + length);
    }
}
