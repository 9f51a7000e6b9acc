package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.model.SeriesKeyReader;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.PackedOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/**
 * Collects which series have which labels, and writes it: for each label its values in order, each with the numbers of its
 * series, few of them beside the value, many as a bitmap in a page of its own.
 *
 * <p>Thread: the writer's. Memory: the values of all labels, and about two bytes for each label of each series.
 */
@OwnedBy(Role.FLUSHER)
final class LabelIndexBuilder {
    /** So many numbers are written beside their value; more are a bitmap. */
    static final int MAX_INLINE_SERIES = 32;

    private static final byte[] NAME = Labels.NAME.getBytes(StandardCharsets.UTF_8);

    private final TreeMap<Text, Label> labels = new TreeMap<>();
    private final SeriesKeyReader texts = new SeriesKeyReader();
    private final Text probe = new Text();
    /** What the series before had at each place of its key; most labels of the next one in order are the same. */
    private final List<Place> before = new ArrayList<>();

    private record Label(Text name, Map<Text, Numbers> values) {}

    private static final class Place {
        private Label label = new Label(new Text(), Map.of());
        private Numbers numbers = new Numbers(new Text());
    }

    /** The numbers of the series that have one value, ascending, as differences. */
    private static final class Numbers {
        private final Text value;
        private byte[] differences = new byte[4];
        private int length;
        private int count;
        private int last;

        Numbers(Text value) {
            this.value = value;
        }

        void add(int number) {
            int rest = number - last;
            last = number;
            count++;
            if (differences.length - length < 5) {
                differences = Arrays.copyOf(differences, differences.length * 2 + 5);
            }
            while ((rest & ~0x7f) != 0) {
                differences[length++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            differences[length++] = (byte) rest;
        }

        RoaringBitmap bitmap() {
            RoaringBitmapWriter<RoaringBitmap> writer =
                    RoaringBitmapWriter.writer().optimiseForArrays().get();
            int number = 0;
            int at = 0;
            for (int i = 0; i < count; i++) {
                int difference = 0;
                int shift = 0;
                byte b;
                do {
                    b = differences[at++];
                    difference |= (b & 0x7f) << shift;
                    shift += 7;
                } while (b < 0);
                number += difference;
                writer.add(number);
            }
            RoaringBitmap bitmap = writer.get();
            bitmap.runOptimize();
            return bitmap;
        }
    }

    /** A series that has this number has the labels of this key; numbers ascend. */
    void add(int series, @Borrowed byte[] key) {
        texts.open(key, 0);
        add(0, series, NAME, 0, NAME.length, key);
        for (int place = 1; texts.nextTag(); place++) {
            add(place, series, key, texts.keyAt(), texts.keyLength(), key);
        }
    }

    private void add(int at, int series, byte[] name, int nameAt, int nameLength, byte[] key) {
        if (texts.valueLength() == 0) {
            return;
        }
        while (at >= before.size()) {
            before.add(new Place());
        }
        Place place = before.get(at);
        boolean sameLabel = place.label.name.is(name, nameAt, nameLength);
        if (!sameLabel) {
            probe.view(name, nameAt, nameLength);
            place.label = label();
        }
        if (!sameLabel || !place.numbers.value.is(key, texts.valueAt(), texts.valueLength())) {
            probe.view(key, texts.valueAt(), texts.valueLength());
            place.numbers = numbers(place.label.values);
        }
        place.numbers.add(series);
    }

    /** The label of the probe. */
    private Label label() {
        Label label = labels.get(probe);
        if (label == null) {
            label = new Label(probe.copy(), new HashMap<>());
            labels.put(label.name, label);
        }
        return label;
    }

    /** The numbers of the probe. */
    private Numbers numbers(Map<Text, Numbers> values) {
        Numbers numbers = values.get(probe);
        if (numbers == null) {
            numbers = new Numbers(probe.copy());
            values.put(numbers.value, numbers);
        }
        return numbers;
    }

    /** Writes everything; returns where it is. */
    List<Contents.LabelPages> write(PartOutput out) throws StorageFailure {
        var places = new ArrayList<Contents.LabelPages>();
        for (Label label : labels.values()) {
            places.add(new ValuePages(out).write(label));
        }
        return places;
    }

    /** The pages of one label. */
    private static final class ValuePages {
        private final PartOutput out;
        private final PackedOutput values = new PackedOutput();
        private final PackedOutput bitmap = new PackedOutput();
        private final List<Long> pages = new ArrayList<>();
        private final List<byte[]> firstValues = new ArrayList<>();

        ValuePages(PartOutput out) {
            this.out = out;
        }

        Contents.LabelPages write(Label label) throws StorageFailure {
            var sorted = new ArrayList<>(label.values.values());
            sorted.sort(Comparator.comparing(numbers -> numbers.value));
            byte[] before = new byte[0];
            for (Numbers numbers : sorted) {
                byte[] value = numbers.value.toBytes();
                if (values.length() == 0) {
                    firstValues.add(value);
                    before = new byte[0];
                }
                FrontCodedText.put(values, before, before.length, value, value.length);
                before = value;
                putNumbers(numbers);
                if (values.length() >= PartLayout.INDEX_PAGE_BYTES) {
                    endPage();
                }
            }
            endPage();
            return new Contents.LabelPages(
                    label.name.toBytes(),
                    sorted.size(),
                    pages.stream().mapToLong(Long::longValue).toArray(),
                    firstValues.toArray(new byte[0][]));
        }

        private void putNumbers(Numbers numbers) throws StorageFailure {
            values.varint(numbers.count);
            if (numbers.count <= MAX_INLINE_SERIES) {
                values.bytes(numbers.differences, 0, numbers.length);
            } else {
                RoaringBitmap many = numbers.bitmap();
                int bytes = many.serializedSizeInBytes();
                bitmap.clear();
                bitmap.reserve(bytes);
                many.serialize(ByteBuffer.wrap(bitmap.bytes()));
                bitmap.skip(bytes);
                values.varint(out.writePage(PartLayout.KIND_POSTINGS, bitmap));
            }
        }

        private void endPage() throws StorageFailure {
            if (values.length() > 0) {
                pages.add(out.writePage(PartLayout.KIND_VALUES, values));
                values.clear();
            }
        }
    }
}
