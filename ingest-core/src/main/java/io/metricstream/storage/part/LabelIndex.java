package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.IntConsumer;
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
    private final List<Contents.LabelPages> labels;
    private final int series;
    private final PageReader in;
    private final PartInput.Page page = new PartInput.Page();
    private final PartInput.Page postings = new PartInput.Page();
    private final FrontCodedText value = new FrontCodedText();
    private final int[] few = new int[ValueSeries.MAX_INLINE];

    private Contents.@Nullable LabelPages label;
    private int pageNumber;
    private int count;
    private long postingsAt;
    /** The next call of {@link #next} tells of the value that {@link #seek} found. */
    private boolean found;

    LabelIndex(PartInput input, Contents contents) {
        this(input, contents.labels(), contents.header().series());
    }

    /** Reads these labels of series whose numbers are below a bound. */
    LabelIndex(PartInput input, List<Contents.LabelPages> labels, int series) {
        this.input = input;
        this.labels = labels;
        this.series = series;
        this.in = new PageReader(input.path());
    }

    /** Begins before the first value of a label; false where the part has no such label. */
    boolean open(String name) throws StorageFailure {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        label = null;
        for (Contents.LabelPages some : labels) {
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
        // The first page is read by who wants its values: most look for one and go to its page at once.
        pageNumber = -1;
        in.end();
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
        count = in.readInt(series);
        if (count <= ValueSeries.MAX_INLINE) {
            int number = 0;
            for (int i = 0; i < count; i++) {
                number += in.readInt((long) series - 1 - number);
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

    /** Whether it is the value that this text is. */
    boolean isValue(Text text) {
        return text.is(value.bytes(), 0, value.length());
    }

    /** A copy of the value. */
    Text value() {
        return Text.of(Arrays.copyOf(value.bytes(), value.length()));
    }

    static int compareValues(LabelIndex a, LabelIndex b) {
        return Arrays.compareUnsigned(a.value.bytes(), 0, a.value.length(), b.value.bytes(), 0, b.value.length());
    }

    String text() {
        return new String(value.bytes(), 0, value.length(), StandardCharsets.UTF_8);
    }

    /** How many series have the value. */
    int count() {
        return count;
    }

    /** Adds the numbers of the series that have the value. */
    void addTo(RoaringBitmap numbers) throws StorageFailure {
        if (count <= ValueSeries.MAX_INLINE) {
            for (int i = 0; i < count; i++) {
                numbers.add(few[i]);
            }
        } else {
            numbers.or(many());
        }
    }

    /** The same, where all of them are above those that are there. */
    void appendTo(ValueSeries numbers) throws StorageFailure {
        if (count <= ValueSeries.MAX_INLINE) {
            for (int i = 0; i < count; i++) {
                numbers.add(few[i]);
            }
        } else {
            many().forEach((IntConsumer) numbers::add);
        }
    }

    private RoaringBitmap many() throws StorageFailure {
        input.read(postingsAt, PartLayout.KIND_POSTINGS, Math.min(2 * count, 16 << 10), postings);
        try {
            var many = new RoaringBitmap();
            many.deserialize(ByteBuffer.wrap(postings.bytes(), postings.start(), postings.length()));
            if (many.getCardinality() != count || Integer.compareUnsigned(many.last(), series) >= 0) {
                throw input.corrupt(postingsAt, "a bitmap of other series than its value has");
            }
            return many;
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
