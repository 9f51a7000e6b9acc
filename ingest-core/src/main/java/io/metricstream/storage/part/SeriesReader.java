package io.metricstream.storage.part;

import io.metricstream.model.MetricType;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.util.Arrays;

/**
 * Finds series of a part by their numbers, which are asked for in ascending order.
 *
 * <p>Thread: that of its cursor. Owns: one series page. After {@link #moveTo} the key and the blocks are the series'.
 */
@OwnedBy(Role.QUERY)
final class SeriesReader {
    private final PartInput input;
    private final Contents contents;
    private final PageReader in;
    private final PartInput.Page page = new PartInput.Page();
    private final FrontCodedText key = new FrontCodedText();
    /** The blocks of the series that was read last. */
    private long firstBlock;

    private int blocks;
    private int pageNumber = -1;
    /** The number of the series that is read next in the page. */
    private int next;

    SeriesReader(PartInput input, Contents contents) {
        this.input = input;
        this.contents = contents;
        this.in = new PageReader(input.path());
    }

    void moveTo(int series) throws StorageFailure {
        int wanted = pageOf(series);
        if (wanted != pageNumber || series < next) {
            open(wanted);
        }
        while (next <= series) {
            if (in.isAtEnd()) {
                throw in.corrupt("a page of series ends before series " + series);
            }
            key.read(in);
            firstBlock += blocks;
            blocks = in.readInt(Math.min(Integer.MAX_VALUE, contents.blocks() - firstBlock));
            if (blocks == 0) {
                throw in.corrupt("a series without samples");
            }
            next++;
        }
        if (!isKey()) {
            throw in.corrupt("no key of a series: series=" + series);
        }
    }

    /** The number of the first series behind the page of this one. */
    int endOfPage(int series) {
        int next = pageOf(series) + 1;
        return next < contents.firstSeries().length
                ? contents.firstSeries()[next]
                : contents.header().series();
    }

    private int pageOf(int series) {
        int found = Arrays.binarySearch(contents.firstSeries(), series);
        return found >= 0 ? found : -found - 2;
    }

    /** Whether the bytes are a type, a name, and tags, with lengths that fit. */
    private boolean isKey() {
        byte[] bytes = key.bytes();
        if (key.length() < 3 || MetricType.ofCode(bytes[0]) == null) {
            return false;
        }
        int tags = textEnd(1);
        int at = numberEnd(tags);
        // A key and a value for each tag.
        for (int texts = at < 0 ? 0 : 2 * number(tags); texts > 0 && at >= 0; texts--) {
            at = textEnd(at);
        }
        return at == key.length();
    }

    /** Where the text ends that begins here with its length; -1 where it does not fit. */
    private int textEnd(int at) {
        int from = numberEnd(at);
        return from < 0 || number(at) > key.length() - from ? -1 : from + number(at);
    }

    /** Where the number ends that begins here; -1 where there is none of at most four bytes. */
    private int numberEnd(int at) {
        for (int end = at; at >= 0 && end < key.length() && end < at + 4; end++) {
            if (key.bytes()[end] >= 0) {
                return end + 1;
            }
        }
        return -1;
    }

    /** The number that begins here, and ends. */
    private int number(int at) {
        int value = 0;
        for (int i = at, shift = 0; ; i++, shift += 7) {
            value |= (key.bytes()[i] & 0x7f) << shift;
            if (key.bytes()[i] >= 0) {
                return value;
            }
        }
    }

    byte[] key() {
        return key.bytes();
    }

    int keyLength() {
        return key.length();
    }

    /** The number of the series' first block among all of the part. */
    long firstBlock() {
        return firstBlock;
    }

    /** How many blocks it has, at least one. */
    int blocks() {
        return blocks;
    }

    private void open(int number) throws StorageFailure {
        long at = contents.seriesPages()[number];
        pageNumber = -1;
        input.read(at, PartLayout.KIND_SERIES, PartLayout.INDEX_PAGE_BYTES / 2, page);
        in.open(page);
        key.clear();
        firstBlock = in.readVarint();
        if (firstBlock < 0 || firstBlock > contents.blocks()) {
            throw in.corrupt("a block of number " + firstBlock + ", wanted at most " + contents.blocks());
        }
        blocks = 0;
        next = contents.firstSeries()[number];
        pageNumber = number;
    }
}
