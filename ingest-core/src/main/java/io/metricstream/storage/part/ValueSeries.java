package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.PackedOutput;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/** A value of a label and the numbers of the series that have it, ascending, as differences. Thread: the writer's. */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class ValueSeries {
    /** So many numbers are written beside their value; more are a bitmap. */
    static final int MAX_INLINE = 32;
    /** What one takes on the heap beside the bytes of its value and of its numbers, its entry in a map included. */
    static final int HEAP_BYTES = 176;

    private static final int MAX_VARINT_BYTES = 5;

    private final Text value;
    private byte[] differences = new byte[4];
    private int length;
    private int count;
    private int last;

    ValueSeries(Text value) {
        this.value = value;
    }

    Text value() {
        return value;
    }

    /** Adds a number that is greater than all before; returns by how many bytes the memory for them grew. */
    int add(int number) {
        int rest = number - last;
        last = number;
        count++;
        int capacity = differences.length;
        if (capacity - length < MAX_VARINT_BYTES) {
            differences = Arrays.copyOf(differences, capacity * 2 + MAX_VARINT_BYTES);
        }
        while ((rest & ~0x7f) != 0) {
            differences[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        differences[length++] = (byte) rest;
        return differences.length - capacity;
    }

    /** Writes the numbers behind the value; many of them into a page of their own. */
    void writeTo(PackedOutput values, PartOutput out) throws StorageFailure {
        values.varint(count);
        if (count <= MAX_INLINE) {
            values.bytes(differences, 0, length);
        } else {
            RoaringBitmap many = bitmap();
            int bytes = many.serializedSizeInBytes();
            var page = new PackedOutput();
            page.reserve(bytes);
            many.serialize(ByteBuffer.wrap(page.bytes()));
            page.skip(bytes);
            values.varint(out.writePage(PartLayout.KIND_POSTINGS, page));
        }
    }

    private RoaringBitmap bitmap() {
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
