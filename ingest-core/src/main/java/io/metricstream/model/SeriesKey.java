package io.metricstream.model;

import io.metricstream.own.Borrowed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that identify a series: its type, its name and its tags in one canonical order.
 *
 * <pre>
 *   +------+--------------+------------+------------+-- per tag, keys ascending by unsigned bytes --------+
 *   | type | nameLen (v)  | name UTF-8 | tagCount(v)| keyLen (v) | key UTF-8 | valueLen (v) | value UTF-8 |
 *   +------+--------------+------------+------------+-------------------------------------------------------+
 * </pre>
 *
 * (v) is an unsigned LEB128 varint. Two samples belong to one series where these bytes are equal. Keys are unique, no
 * key and no value is empty. The same bytes are stored in the log's series records (docs/format/wal.md).
 *
 * <p>Thread: any; stateless.
 */
public final class SeriesKey {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** Drawn at start-up, so that nobody can prepare labels whose hashes collide. */
    private static final long SEED = new SplittableRandom().nextLong() | 1;

    private static final long M1 = 0xa0761d6478bd642fL;
    private static final long M2 = 0xe7037ed1a0b428dbL;
    private static final byte[] NAME_BYTES = Labels.NAME.getBytes(StandardCharsets.UTF_8);

    private SeriesKey() {}

    /** A hash of the key's bytes, good for this process only. The scheme is wyhash's multiply-and-fold. */
    public static long hash(@Borrowed byte[] bytes, int offset, int length) {
        long h = SEED ^ length * M1;
        int i = offset;
        int end = offset + length;
        for (; end - i >= Long.BYTES; i += Long.BYTES) {
            h = fold((long) LONGS.get(bytes, i) ^ M2, h ^ M1);
        }
        long tail = 0;
        for (int shift = 0; i < end; i++, shift += 8) {
            tail |= (bytes[i] & 0xffL) << shift;
        }
        return fold(tail ^ M1, h ^ M2);
    }

    private static long fold(long a, long b) {
        return a * b ^ Math.multiplyHigh(a, b);
    }

    /** Builds a key from its parts; for tests, tools and cold paths. Tags may come in any order. */
    public static byte[] of(MetricType type, String name, Map<String, String> tags) {
        var writer = new SeriesKeyWriter();
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        writer.start(type, nameBytes, 0, nameBytes.length);
        tags.forEach((key, value) -> {
            byte[] k = key.getBytes(StandardCharsets.UTF_8);
            byte[] v = value.getBytes(StandardCharsets.UTF_8);
            writer.addTag(k, 0, k.length, v, 0, v.length);
        });
        if (!writer.finish()) {
            throw new IllegalArgumentException("the same tag key twice: tags=" + tags);
        }
        return Arrays.copyOf(writer.bytes(), writer.length());
    }

    /** Reads a key back; for export, tools and cold paths. Fails on bytes that are not a key of this version. */
    public static Series parse(@Borrowed byte[] bytes, int offset, int length) {
        var in = new Cursor(bytes, offset, offset + length);
        MetricType type = MetricType.ofCode(in.octet());
        if (type == null) {
            throw new IllegalArgumentException("unknown metric type: code=" + bytes[offset]);
        }
        String name = in.text();
        int tagCount = in.varint();
        Map<String, String> tags = new LinkedHashMap<>();
        for (int i = 0; i < tagCount; i++) {
            String key = in.text();
            tags.put(key, in.text());
        }
        if (in.at != in.end) {
            throw new IllegalArgumentException("bytes after the last tag: " + (in.end - in.at));
        }
        return new Series(type, name, tags);
    }

    /** Reads a key back like {@link #parse}; null for bytes that are not a key of this version. */
    public static @Nullable Series tryParse(@Borrowed byte[] bytes, int offset, int length) {
        try {
            return parse(bytes, offset, length);
        } catch (IllegalArgumentException noKey) {
            return null;
        }
    }

    /**
     * Compares two keys as {@link Labels} of theirs would compare; the type does not count. The order of series in a part
     * and of every {@code SeriesCursor}.
     */
    public static int compareByLabels(@Borrowed byte[] a, int aLength, @Borrowed byte[] b, int bLength) {
        return compareByLabels(a, 0, aLength, b, 0, bLength);
    }

    /** The same for keys that begin anywhere in their arrays. */
    public static int compareByLabels(
            @Borrowed byte[] a, int aOffset, int aLength, @Borrowed byte[] b, int bOffset, int bLength) {
        int aName = aOffset + 1 + varintBytes(a, aOffset + 1);
        int bName = bOffset + 1 + varintBytes(b, bOffset + 1);
        int aTags = aName + varint(a, aOffset + 1);
        int bTags = bName + varint(b, bOffset + 1);
        if (!nameComesFirst(a, aName, aTags) || !nameComesFirst(b, bName, bTags)) {
            Labels aLabels = labels(Arrays.copyOfRange(a, aOffset, aOffset + aLength), aLength);
            return aLabels.compareTo(labels(Arrays.copyOfRange(b, bOffset, bOffset + bLength), bLength));
        }
        int c = Arrays.compareUnsigned(a, aName, aTags, b, bName, bTags);
        return c != 0 ? c : compareTags(a, aTags, b, bTags);
    }

    private static int compareTags(byte[] a, int aTags, byte[] b, int bTags) {
        int aCount = varint(a, aTags);
        int bCount = varint(b, bTags);
        int aAt = aTags + varintBytes(a, aTags);
        int bAt = bTags + varintBytes(b, bTags);
        // A key and a value for each tag.
        for (int texts = 2 * Math.min(aCount, bCount); texts > 0; texts--) {
            int aText = aAt + varintBytes(a, aAt);
            int bText = bAt + varintBytes(b, bAt);
            int aEnd = aText + varint(a, aAt);
            int bEnd = bText + varint(b, bAt);
            int c = Arrays.compareUnsigned(a, aText, aEnd, b, bText, bEnd);
            if (c != 0) {
                return c;
            }
            aAt = aEnd;
            bAt = bEnd;
        }
        return Integer.compare(aCount, bCount);
    }

    /** Whether a key has a name, and no tag that sorts before {@link Labels#NAME}. */
    private static boolean nameComesFirst(byte[] key, int name, int tags) {
        if (name == tags) {
            return false;
        }
        if (varint(key, tags) == 0) {
            return true;
        }
        int length = tags + varintBytes(key, tags);
        int text = length + varintBytes(key, length);
        int end = text + varint(key, length);
        return Arrays.compareUnsigned(key, text, end, NAME_BYTES, 0, NAME_BYTES.length) > 0;
    }

    /** The labels of a key from index 0, its name among them; for queries. */
    public static Labels labels(@Borrowed byte[] key, int length) {
        var in = new Cursor(key, 0, length);
        int unused = in.octet();
        String name = in.text();
        int tags = in.varint();
        var pairs = new String[2 * (tags + (name.isEmpty() ? 0 : 1))];
        int at = 0;
        boolean named = name.isEmpty();
        for (int i = 0; i < tags; i++) {
            String label = in.text();
            if (!named && Labels.compareText(label, Labels.NAME) > 0) {
                pairs[at++] = Labels.NAME;
                pairs[at++] = name;
                named = true;
            }
            pairs[at++] = label;
            pairs[at++] = in.text();
        }
        if (!named) {
            pairs[at++] = Labels.NAME;
            pairs[at++] = name;
        }
        return Labels.ofSorted(pairs);
    }

    /** The type in a key. */
    public static MetricType type(@Borrowed byte[] key) {
        MetricType type = MetricType.ofCode(key[0]);
        if (type == null) {
            throw new IllegalArgumentException("unknown metric type: code=" + key[0]);
        }
        return type;
    }

    static int varint(byte[] in, int at) {
        int value = 0;
        int i = at;
        for (int shift = 0; ; shift += 7) {
            byte b = in[i++];
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    static int varintBytes(byte[] in, int at) {
        int i = at;
        while (in[i] < 0) {
            i++;
        }
        return i - at + 1;
    }

    private static final class Cursor {
        private final byte[] bytes;
        private final int end;
        private int at;

        Cursor(byte[] bytes, int at, int end) {
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }

        int octet() {
            if (at >= end) {
                throw new IllegalArgumentException("series key ends early: length=" + bytes.length);
            }
            return bytes[at++];
        }

        int varint() {
            int value = 0;
            for (int shift = 0; shift < 32; shift += 7) {
                int b = octet();
                value |= (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("varint too long in series key");
        }

        String text() {
            int length = varint();
            if (length < 0 || length > end - at) {
                throw new IllegalArgumentException("text beyond the end of a series key: length=" + length);
            }
            String text = new String(bytes, at, length, StandardCharsets.UTF_8);
            at += length;
            return text;
        }
    }
}
