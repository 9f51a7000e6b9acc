package io.metricstream.storage.part;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.util.Arrays;

/**
 * Writes the series pages of a part: each begins with the place of its first block, then come series with their keys,
 * front-coded, and their blocks.
 *
 * <p>Thread: the writer's. Owns: the page that is not full yet, and where the full ones are.
 */
@OwnedBy(Role.FLUSHER)
final class SeriesPages {
    private final PageBuilder page = new PageBuilder(PartLayout.INDEX_PAGE_BYTES);
    private final SeriesBlocks.Place place = new SeriesBlocks.Place();
    private long[] offsets = new long[16];
    private int[] firstSeries = new int[16];
    private int pages;
    private int series;
    private byte[] keyBefore = new byte[256];
    private int keyBeforeLength;
    private long firstMillis;

    /** Adds the next series; may write a full page. */
    void add(PartOutput out, @Borrowed byte[] key, int keyLength, SeriesBlocks blocks) throws StorageFailure {
        if (page.isEmpty()) {
            beginPage(blocks);
        }
        page.putFrontCoded(keyBefore, keyBeforeLength, key, keyLength);
        remember(key, keyLength);
        blocks.encode(page, place, firstMillis);
        firstMillis = blocks.firstMillis[0];
        series++;
        if (page.length() >= PartLayout.INDEX_PAGE_BYTES) {
            endPage(out);
        }
    }

    void finish(PartOutput out) throws StorageFailure {
        if (!page.isEmpty()) {
            endPage(out);
        }
    }

    int series() {
        return series;
    }

    long[] offsets() {
        return Arrays.copyOf(offsets, pages);
    }

    int[] firstSeries() {
        return Arrays.copyOf(firstSeries, pages);
    }

    private void beginPage(SeriesBlocks blocks) {
        if (pages == offsets.length) {
            offsets = Arrays.copyOf(offsets, pages * 2);
            firstSeries = Arrays.copyOf(firstSeries, pages * 2);
        }
        firstSeries[pages] = series;
        keyBeforeLength = 0;
        place.moveTo(blocks.page[0], blocks.offset[0]);
        firstMillis = blocks.firstMillis[0];
        page.putVarint(blocks.page[0]);
        page.putVarint(blocks.offset[0]);
        page.putZigzag(firstMillis);
    }

    private void endPage(PartOutput out) throws StorageFailure {
        offsets[pages++] = out.writePage(PartLayout.KIND_SERIES, page);
        page.clear();
    }

    private void remember(byte[] key, int length) {
        if (keyBefore.length < length) {
            keyBefore = new byte[length * 2];
        }
        System.arraycopy(key, 0, keyBefore, 0, length);
        keyBeforeLength = length;
    }
}
