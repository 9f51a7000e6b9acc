package io.metricstream.storage.wal;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * The payload of a samples record: a varint count, then for each sample the zigzag varint difference of its ref to the
 * one before, the same of its time, and the eight raw bytes of its value. A fleet that reports in a steady order takes
 * ten bytes a sample.
 *
 * <p>Thread: encoding is stateless; a decoder object belongs to one thread. Fails: decoding returns false on bytes that
 * are not such a payload.
 */
@OwnedBy(Role.DISK_WRITER)
final class SampleCodec {
    private static final int MAX_SAMPLE_BYTES = 5 + 10 + 8;
    private static final int MAX_COUNT_BYTES = 5;

    private int[] refs = new int[1024];
    private long[] timestampsMillis = new long[1024];
    private double[] values = new double[1024];
    private int count;
    private int at;

    static long maxBytes(int count) {
        return MAX_COUNT_BYTES + (long) count * MAX_SAMPLE_BYTES;
    }

    /** Encodes the samples whose ref is not below 0, of which there are {@code stored}; returns the end. */
    static int encode(
            int[] refs, long[] timestampsMillis, double[] values, int count, int stored, byte[] to, int start) {
        int at = putVarint(to, start, stored);
        int ref = 0;
        long timestamp = 0;
        for (int i = 0; i < count; i++) {
            int next = refs[i];
            if (next < 0) {
                continue;
            }
            int refStep = next - ref;
            at = putVarint(to, at, refStep << 1 ^ refStep >> 31);
            long timeStep = timestampsMillis[i] - timestamp;
            at = putVarint(to, at, timeStep << 1 ^ timeStep >> 63);
            WalLayout.LONGS.set(to, at, Double.doubleToRawLongBits(values[i]));
            at += Long.BYTES;
            ref = next;
            timestamp = timestampsMillis[i];
        }
        return at;
    }

    /** Decodes a payload into this object's columns; false where it is not one. */
    boolean decode(byte[] in, int start, int length) {
        int end = start + length;
        at = start;
        long announced = readVarint(in, end);
        if (announced <= 0 || announced > length) {
            return false;
        }
        count = (int) announced;
        if (refs.length < count) {
            refs = new int[count];
            timestampsMillis = new long[count];
            values = new double[count];
        }
        long ref = 0;
        long timestamp = 0;
        for (int i = 0; i < count; i++) {
            long refStep = readVarint(in, end);
            ref += (int) (refStep >>> 1) ^ -(int) (refStep & 1);
            long timeStep = readVarint(in, end);
            timestamp += timeStep >>> 1 ^ -(timeStep & 1);
            if (at < 0 || end - at < Long.BYTES || ref < 0 || ref > Integer.MAX_VALUE) {
                return false;
            }
            refs[i] = (int) ref;
            timestampsMillis[i] = timestamp;
            values[i] = Double.longBitsToDouble((long) WalLayout.LONGS.get(in, at));
            at += Long.BYTES;
        }
        return at == end;
    }

    int count() {
        return count;
    }

    int[] refs() {
        return refs;
    }

    long[] timestampsMillis() {
        return timestampsMillis;
    }

    double[] values() {
        return values;
    }

    /** Keeps the samples that are marked, in order. */
    void keep(boolean[] marked) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (marked[i]) {
                refs[kept] = refs[i];
                timestampsMillis[kept] = timestampsMillis[i];
                values[kept] = values[i];
                kept++;
            }
        }
        Arrays.fill(refs, kept, count, 0);
        count = kept;
    }

    private static int putVarint(byte[] to, int start, int value) {
        int at = start;
        int v = value;
        while ((v & ~0x7f) != 0) {
            to[at++] = (byte) (v | 0x80);
            v >>>= 7;
        }
        to[at++] = (byte) v;
        return at;
    }

    private static int putVarint(byte[] to, int start, long value) {
        int at = start;
        long v = value;
        while ((v & ~0x7fL) != 0) {
            to[at++] = (byte) (v | 0x80);
            v >>>= 7;
        }
        to[at++] = (byte) v;
        return at;
    }

    /** Moves {@code at} behind the varint, or to -1 where there is none. */
    private long readVarint(byte[] in, int end) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at < 0 || at >= end) {
                break;
            }
            byte b = in[at++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        at = -1;
        return 0;
    }
}
