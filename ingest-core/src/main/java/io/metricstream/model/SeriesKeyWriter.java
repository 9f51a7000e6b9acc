package io.metricstream.model;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * Builds {@link SeriesKey} bytes from a name and tags in any order, without creating objects once its arrays have grown.
 *
 * <p>Order: {@link #start}, {@link #addTag} any number of times, {@link #finish}, then {@link #bytes} and
 * {@link #length} until the next start. A tag with an empty value is the same as no tag and is left out, as Prometheus
 * has it.
 *
 * <p>Thread: one event loop. Owns: its arrays.
 */
@OwnedBy(Role.EVENT_LOOP)
public final class SeriesKeyWriter {
    private byte[] head = new byte[512];
    private int headLength;
    private byte[] tagBytes = new byte[1024];
    private int tagBytesLength;
    private int tagCount;
    private int[] keyStart = new int[16];
    private int[] keyLength = new int[16];
    private int[] valueLength = new int[16];
    private int[] order = new int[16];
    private byte[] out = new byte[1024];
    private int outLength;

    public void start(MetricType type, @Borrowed byte[] name, int offset, int length) {
        headLength = 0;
        tagBytesLength = 0;
        tagCount = 0;
        if (head.length < length + 6) {
            head = new byte[length + 6];
        }
        head[headLength++] = type.code();
        headLength = putVarint(head, headLength, length);
        System.arraycopy(name, offset, head, headLength, length);
        headLength += length;
    }

    /** Adds one tag; an empty value adds nothing. */
    public void addTag(
            @Borrowed byte[] key, int keyOffset, int keyLen, @Borrowed byte[] value, int valueOffset, int valueLen) {
        if (valueLen == 0) {
            return;
        }
        if (tagCount == keyStart.length) {
            int capacity = tagCount * 2;
            keyStart = Arrays.copyOf(keyStart, capacity);
            keyLength = Arrays.copyOf(keyLength, capacity);
            valueLength = Arrays.copyOf(valueLength, capacity);
            order = Arrays.copyOf(order, capacity);
        }
        int at = tagBytesLength;
        if (tagBytes.length - at < keyLen + valueLen) {
            tagBytes = Arrays.copyOf(tagBytes, Math.max(at + keyLen + valueLen, tagBytes.length * 2));
        }
        System.arraycopy(key, keyOffset, tagBytes, at, keyLen);
        System.arraycopy(value, valueOffset, tagBytes, at + keyLen, valueLen);
        keyStart[tagCount] = at;
        keyLength[tagCount] = keyLen;
        valueLength[tagCount] = valueLen;
        tagCount++;
        tagBytesLength = at + keyLen + valueLen;
    }

    /** Sorts the tags and lays the key out; false where two tags have the same key. */
    public boolean finish() {
        for (int i = 0; i < tagCount; i++) {
            int j = i;
            for (; j > 0; j--) {
                int c = compareKeys(order[j - 1], i);
                if (c == 0) {
                    return false;
                }
                if (c < 0) {
                    break;
                }
                order[j] = order[j - 1];
            }
            order[j] = i;
        }
        int most = headLength + 5 + tagBytesLength + tagCount * 10;
        if (out.length < most) {
            out = new byte[Math.max(most, out.length * 2)];
        }
        System.arraycopy(head, 0, out, 0, headLength);
        int at = putVarint(out, headLength, tagCount);
        for (int i = 0; i < tagCount; i++) {
            int tag = order[i];
            at = putVarint(out, at, keyLength[tag]);
            System.arraycopy(tagBytes, keyStart[tag], out, at, keyLength[tag]);
            at = putVarint(out, at + keyLength[tag], valueLength[tag]);
            System.arraycopy(tagBytes, keyStart[tag] + keyLength[tag], out, at, valueLength[tag]);
            at += valueLength[tag];
        }
        outLength = at;
        return true;
    }

    public byte[] bytes() {
        return out;
    }

    public int length() {
        return outLength;
    }

    private int compareKeys(int a, int b) {
        return Arrays.compareUnsigned(
                tagBytes, keyStart[a], keyStart[a] + keyLength[a], tagBytes, keyStart[b], keyStart[b] + keyLength[b]);
    }

    private static int putVarint(byte[] to, int at, int value) {
        int v = value;
        while ((v & ~0x7f) != 0) {
            to[at++] = (byte) ((v & 0x7f) | 0x80);
            v >>>= 7;
        }
        to[at++] = (byte) v;
        return at;
    }
}
