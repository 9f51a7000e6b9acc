package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Reads a part's values of one label, in order, with the series that have them.
 *
 * <p>Thread: the one that made it. Owns: a page of values and one of postings. Order: {@link #open} a label,
 * {@link #seek} where not all are wanted, then {@link #next}.
 */
@OwnedBy(Role.QUERY)
final class LabelIndex {
    private final PartInput input;
    private final Contents contents;
    private final PageReader in;
    private final PartInput.Page page = new PartInput.Page();
    private final PartInput.Page postings = new PartInput.Page();
    private final FrontCodedText value = new FrontCodedText();
    private final int[] few = new int[LabelIndexBuilder.MAX_INLINE_SERIES];

    private Contents.@Nullable LabelPages label;
    private int pageNumber;
    private int count;
    private long postingsAt;
    /** The next call of {@link #next} tells of the value that {@link #seek} found. */
    private boolean found;

    LabelIndex(PartInput input, Contents contents) {
        this.input = input;
        this.contents = contents;
        this.in = new PageReader(input.path());
    }

    /** Begins before the first value of a label; false where the part has no such label. */
    boolean open(String name) throws StorageFailure {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        label = null;
        for (Contents.LabelPages some : contents.labels()) {
            if (Arrays.equals(some.name(), wanted)) {
                open(some);
                return true;
            }
        }
        return false;
    }

    void open(Contents.LabelPages of) throws StorageFailure {
        label = of;
        found = false;
        openPage(0);
    }

    /** Moves before the first value that is not below this one. */
    void seek(byte[] wanted) throws StorageFailure {
        Contents.LabelPages of = opened();
        int low = 0;
        int high = of.firstValues().length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (Arrays.compareUnsigned(of.firstValues()[middle], wanted) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        openPage(low);
        found = false;
        while (next()) {
            if (Arrays.compareUnsigned(value.bytes(), 0, value.length(), wanted, 0, wanted.length) >= 0) {
                found = true;
                return;
            }
        }
    }

    /** Moves to the next value; false after the last. */
    boolean next() throws StorageFailure {
        if (found) {
            found = false;
            return true;
        }
        while (in.isAtEnd()) {
            if (pageNumber + 1 >= opened().pages().length) {
                return false;
            }
            openPage(pageNumber + 1);
        }
        value.read(in);
        count = in.readInt(contents.header().series());
        if (count <= LabelIndexBuilder.MAX_INLINE_SERIES) {
            int number = 0;
            for (int i = 0; i < count; i++) {
                number += in.readInt((long) contents.header().series() - 1 - number);
                few[i] = number;
            }
        } else {
            postingsAt = in.readVarint();
        }
        return true;
    }

    boolean isValue(byte[] text) {
        return Arrays.equals(value.bytes(), 0, value.length(), text, 0, text.length);
    }

    boolean startsWith(byte[] prefix) {
        return value.length() >= prefix.length
                && Arrays.equals(value.bytes(), 0, prefix.length, prefix, 0, prefix.length);
    }

    String text() {
        return new String(value.bytes(), 0, value.length(), StandardCharsets.UTF_8);
    }

    /** How many series have the value. */
    int count() {
        return count;
    }

    /** Adds the numbers of the series that have the value. */
    void addTo(RoaringBitmap series) throws StorageFailure {
        if (count <= LabelIndexBuilder.MAX_INLINE_SERIES) {
            for (int i = 0; i < count; i++) {
                series.add(few[i]);
            }
            return;
        }
        input.read(postingsAt, PartLayout.KIND_POSTINGS, Math.min(2 * count, 16 << 10), postings);
        try {
            var many = new RoaringBitmap();
            many.deserialize(ByteBuffer.wrap(postings.bytes(), postings.start(), postings.length()));
            if (many.getCardinality() != count
                    || Integer.compareUnsigned(many.last(), contents.header().series()) >= 0) {
                throw input.corrupt(postingsAt, "a bitmap of other series than its value has");
            }
            series.or(many);
        } catch (java.io.IOException | RuntimeException e) {
            throw input.corrupt(postingsAt, "no bitmap: " + e.getMessage());
        }
    }

    private void openPage(int number) throws StorageFailure {
        Contents.LabelPages of = opened();
        long at = of.pages()[number];
        input.read(at, PartLayout.KIND_VALUES, PartLayout.INDEX_PAGE_BYTES / 2, page);
        in.open(page);
        value.clear();
        pageNumber = number;
    }

    private Contents.LabelPages opened() {
        Contents.LabelPages of = label;
        if (of == null) {
            throw new IllegalStateException("no label was opened");
        }
        return of;
    }
}
