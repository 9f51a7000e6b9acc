package io.metricstream.storage.part;

import io.metricstream.model.Labels;
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

    private final TreeMap<String, Map<String, Numbers>> labels = new TreeMap<>(Labels::compareText);

    /** The numbers of the series that have one value, ascending, as differences. */
    private static final class Numbers {
        private byte[] differences = new byte[4];
        private int length;
        private int count;
        private int last;

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

    /** A series that has this number has these labels; numbers ascend. */
    void add(int series, Labels of) {
        for (int i = 0; i < of.size(); i++) {
            labels.computeIfAbsent(of.name(i), name -> new HashMap<>())
                    .computeIfAbsent(of.value(i), value -> new Numbers())
                    .add(series);
        }
    }

    /** Writes everything; returns where it is. */
    List<Contents.LabelPages> write(PartOutput out) throws StorageFailure {
        var places = new ArrayList<Contents.LabelPages>();
        for (Map.Entry<String, Map<String, Numbers>> label : labels.entrySet()) {
            places.add(new ValuePages(out).write(label.getKey(), label.getValue()));
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

        Contents.LabelPages write(String name, Map<String, Numbers> byValue) throws StorageFailure {
            List<Map.Entry<String, Numbers>> sorted = byValue.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey((Comparator<String>) Labels::compareText))
                    .toList();
            byte[] before = new byte[0];
            for (Map.Entry<String, Numbers> entry : sorted) {
                byte[] value = entry.getKey().getBytes(StandardCharsets.UTF_8);
                if (values.length() == 0) {
                    firstValues.add(value);
                    before = new byte[0];
                }
                FrontCodedText.put(values, before, before.length, value, value.length);
                before = value;
                putNumbers(entry.getValue());
                if (values.length() >= PartLayout.INDEX_PAGE_BYTES) {
                    endPage();
                }
            }
            endPage();
            return new Contents.LabelPages(
                    name.getBytes(StandardCharsets.UTF_8),
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
