package io.metricstream.storage.wal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Where everything lies in a segment; docs/format/wal.md explains it. All numbers are little-endian.
 *
 * <pre>
 *  segment header, 64 bytes                        record, a multiple of 8 bytes
 *   0  magic "MSTRMWAL"                             0  u32 CRC32C of all bytes behind it
 *   8  u32 format version                           4  u32 length of the payload
 *  12  u32 zero                                     8  u64 sequence
 *  16  u64 segment number                          16  u32 segment number, low half
 *  24  u64 id of the log                           20  u8  type
 *  32  zero                                        21  u8  flags
 *  60  u32 CRC32C of bytes 0 .. 60                 22  u16 log epoch
 *                                                  24  payload, then zeros up to a multiple of 8
 * </pre>
 *
 * Magic, version and the header's checksum stay where they are in every later version.
 */
final class WalLayout {
    private static final VarHandle CHARS = MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static final int FORMAT_VERSION = 1;
    static final int SEGMENT_HEADER_BYTES = 64;
    static final int RECORD_HEADER_BYTES = 24;
    static final int ALIGNMENT = 8;

    static final byte TYPE_SERIES = 1;
    static final byte TYPE_SAMPLES = 2;
    /** Written by recovery over bytes that were no record; its payload begins with the sequence that follows. */
    static final byte TYPE_GAP = 3;
    /** Written when a log is closed and after a recovery, once all records before it are durable; 8 zero bytes. */
    static final byte TYPE_END = 4;

    /** The first record after a commit: all records before it had been made durable. */
    static final byte FLAG_GROUP_START = 1;

    /** Longer payloads are neither written nor believed. */
    static final int MAX_PAYLOAD_BYTES = 1 << 30;

    /** The shortest gap record, and every end record. */
    static final int MARK_BYTES = RECORD_HEADER_BYTES + Long.BYTES;

    private static final byte[] MAGIC = "MSTRMWAL".getBytes(StandardCharsets.US_ASCII);
    private static final int MAGIC_LENGTH = 8;
    private static final int VERSION_AT = 8;
    private static final int SEGMENT_AT = 16;
    private static final int LOG_ID_AT = 24;
    private static final int HEADER_CRC_AT = 60;

    private static final int LENGTH_AT = 4;
    private static final int SEQUENCE_AT = 8;
    private static final int RECORD_SEGMENT_AT = 16;
    private static final int TYPE_AT = 20;
    private static final int FLAGS_AT = 21;
    private static final int EPOCH_AT = 22;

    private WalLayout() {}

    static byte[] segmentHeader(long segment, long logId) {
        byte[] header = new byte[SEGMENT_HEADER_BYTES];
        System.arraycopy(MAGIC, 0, header, 0, MAGIC_LENGTH);
        INTS.set(header, VERSION_AT, FORMAT_VERSION);
        LONGS.set(header, SEGMENT_AT, segment);
        LONGS.set(header, LOG_ID_AT, logId);
        INTS.set(header, HEADER_CRC_AT, headerCrc(header));
        return header;
    }

    /** Whether this is the header of a segment, of whatever version and log. */
    static boolean headerIsWhole(byte[] header) {
        return Arrays.equals(header, 0, MAGIC_LENGTH, MAGIC, 0, MAGIC_LENGTH)
                && (int) INTS.get(header, HEADER_CRC_AT) == headerCrc(header);
    }

    static int headerVersion(byte[] header) {
        return (int) INTS.get(header, VERSION_AT);
    }

    static long headerSegment(byte[] header) {
        return (long) LONGS.get(header, SEGMENT_AT);
    }

    static long headerLogId(byte[] header) {
        return (long) LONGS.get(header, LOG_ID_AT);
    }

    private static int headerCrc(byte[] header) {
        var crc = new CRC32C();
        crc.update(header, 0, HEADER_CRC_AT);
        return (int) crc.getValue();
    }

    /** The bytes that a record with this payload takes in the file. */
    static int recordBytes(int payloadLength) {
        return RECORD_HEADER_BYTES + payloadLength + (ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** The kind of a record: its type, its flags, and the log epoch. */
    static int kind(int type, boolean startsGroup, int epoch) {
        return type | (startsGroup ? FLAG_GROUP_START << Byte.SIZE : 0) | epoch << Short.SIZE;
    }

    /** Completes a record whose payload already lies behind its header; returns the record's end. */
    static int seal(byte[] in, int at, int payloadLength, long sequence, long segment, int kind, CRC32C crc) {
        INTS.set(in, at + LENGTH_AT, payloadLength);
        LONGS.set(in, at + SEQUENCE_AT, sequence);
        INTS.set(in, at + RECORD_SEGMENT_AT, (int) segment);
        in[at + TYPE_AT] = (byte) kind;
        in[at + FLAGS_AT] = (byte) (kind >>> Byte.SIZE);
        CHARS.set(in, at + EPOCH_AT, (char) (kind >>> Short.SIZE));
        int end = at + recordBytes(payloadLength);
        for (int i = at + RECORD_HEADER_BYTES + payloadLength; i < end; i++) {
            in[i] = 0;
        }
        crc.reset();
        crc.update(in, at + LENGTH_AT, end - at - LENGTH_AT);
        INTS.set(in, at, (int) crc.getValue());
        return end;
    }

    /** A whole gap record that takes so many bytes in the file, {@link #MARK_BYTES} at least. */
    static byte[] gap(int recordBytes, long segment, long sequence, long following) {
        byte[] gap = new byte[recordBytes];
        LONGS.set(gap, RECORD_HEADER_BYTES, following);
        seal(gap, 0, recordBytes - RECORD_HEADER_BYTES, sequence, segment, TYPE_GAP, new CRC32C());
        return gap;
    }

    /** A whole end record. */
    static byte[] end(long segment, long sequence) {
        byte[] end = new byte[MARK_BYTES];
        seal(end, 0, Long.BYTES, sequence, segment, kind(TYPE_END, true, 0), new CRC32C());
        return end;
    }

    static int length(byte[] in, int at) {
        return (int) INTS.get(in, at + LENGTH_AT);
    }

    static long sequence(byte[] in, int at) {
        return (long) LONGS.get(in, at + SEQUENCE_AT);
    }

    static byte type(byte[] in, int at) {
        return in[at + TYPE_AT];
    }

    static int epoch(byte[] in, int at) {
        return (char) CHARS.get(in, at + EPOCH_AT);
    }

    static boolean startsGroup(byte[] in, int at) {
        return (in[at + FLAGS_AT] & FLAG_GROUP_START) != 0;
    }

    /** Whether a header at this place could be a record of this segment, before the payload is looked at. */
    static boolean isPlausible(byte[] in, int at, long segment, long bytesLeft) {
        int length = length(in, at);
        return length > 0
                && length <= MAX_PAYLOAD_BYTES
                && recordBytes(length) <= bytesLeft
                && (int) INTS.get(in, at + RECORD_SEGMENT_AT) == (int) segment;
    }

    /** The checksum that a record's header holds. */
    static int crc(byte[] in, int at) {
        return (int) INTS.get(in, at);
    }

    /** Feeds the part of a record's header that its checksum covers. */
    static void updateWithHeader(CRC32C crc, byte[] in, int at) {
        crc.update(in, at + LENGTH_AT, RECORD_HEADER_BYTES - LENGTH_AT);
    }
}
