package io.metricstream.model;

import io.metricstream.own.Borrowed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

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
        return java.util.Arrays.copyOf(writer.bytes(), writer.length());
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
