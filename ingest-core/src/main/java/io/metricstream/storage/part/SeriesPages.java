package io.metricstream.storage.part;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.PackedOutput;
import java.util.Arrays;

/**
 * Writes the series pages of a part: each begins with the number of its first block, then come series with their keys,
 * front-coded, and how many blocks
 * each has.
 *
 * <p>Thread: the writer's. Owns: the page that is not full yet, and where the full ones are.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class SeriesPages {
    private final PackedOutput page = new PackedOutput();
    private long[] offsets = new long[16];
    private int[] firstSeries = new int[16];
    private int pages;
    private int series;
    private byte[] keyBefore = new byte[256];
    private int keyBeforeLength;
    /** The number of the next series' first block. */
    private long nextBlock;

    /** Adds the next series, which has the next so many blocks; may write a full page. */
    void add(PartOutput out, @Borrowed byte[] key, int keyLength, int blocks) throws StorageFailure {
        if (page.length() == 0) {
            beginPage();
        }
        FrontCodedText.put(page, keyBefore, keyBeforeLength, key, keyLength);
        remember(key, keyLength);
        page.varint(blocks);
        nextBlock += blocks;
        series++;
        if (page.length() >= PartLayout.INDEX_PAGE_BYTES) {
            endPage(out);
        }
    }

    void finish(PartOutput out) throws StorageFailure {
        if (page.length() > 0) {
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

    private void beginPage() {
        if (pages == offsets.length) {
            offsets = Arrays.copyOf(offsets, pages * 2);
            firstSeries = Arrays.copyOf(firstSeries, pages * 2);
        }
        firstSeries[pages] = series;
        keyBeforeLength = 0;
        page.varint(nextBlock);
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
