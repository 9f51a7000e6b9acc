package io.metricstream.storage.wal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Where everything lies in a segment; docs/format/wal.md explains it. All numbers are little-endian.
 *
 * <pre>
 *  segment header, 64 bytes                        record, a multiple of 8 bytes
 *   0  magic "MSTRMWAL"                             0  u32 CRC32C of bytes 4 .. 24 + length
 *   8  u32 format version                           4  u32 length of the payload
 *  12  u32 zero                                     8  u64 sequence
 *  16  u64 segment number                          16  u32 segment number, low half
 *  24  u64 sequence of the first record            20  u8  type
 *  32  u64 time of creation, ms since 1970         21  u8  flags
 *  40  zero                                        22  u16 zero
 *  60  u32 CRC32C of bytes 0 .. 60                 24  payload, then zeros up to a multiple of 8
 * </pre>
 */
final class WalLayout {
    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static final int FORMAT_VERSION = 1;
    static final int SEGMENT_HEADER_BYTES = 64;
    static final int RECORD_HEADER_BYTES = 24;
    static final int ALIGNMENT = 8;

    static final byte TYPE_SERIES = 1;
    static final byte TYPE_SAMPLES = 2;
    /** Written by recovery over bytes that were no record; its payload is the sequence that follows. */
    static final byte TYPE_GAP = 3;

    /** The first record after a commit: all records before it had been made durable. */
    static final byte FLAG_GROUP_START = 1;

    private static final byte[] MAGIC = "MSTRMWAL".getBytes(StandardCharsets.US_ASCII);
    private static final int MAGIC_LENGTH = 8;
    private static final int VERSION_AT = 8;
    private static final int SEGMENT_AT = 16;
    private static final int FIRST_SEQUENCE_AT = 24;
    private static final int CREATED_AT = 32;
    private static final int HEADER_CRC_AT = 60;

    private static final int LENGTH_AT = 4;
    private static final int SEQUENCE_AT = 8;
    private static final int RECORD_SEGMENT_AT = 16;
    private static final int TYPE_AT = 20;
    private static final int FLAGS_AT = 21;
    private static final int RESERVED_AT = 22;

    private WalLayout() {}

    static void putSegmentHeader(byte[] to, long segment, long firstSequence, long createdMillis) {
        System.arraycopy(MAGIC, 0, to, 0, MAGIC_LENGTH);
        INTS.set(to, VERSION_AT, FORMAT_VERSION);
        LONGS.set(to, SEGMENT_AT, segment);
        LONGS.set(to, FIRST_SEQUENCE_AT, firstSequence);
        LONGS.set(to, CREATED_AT, createdMillis);
        var crc = new CRC32C();
        crc.update(to, 0, HEADER_CRC_AT);
        INTS.set(to, HEADER_CRC_AT, (int) crc.getValue());
    }

    static boolean hasMagic(byte[] header) {
        return java.util.Arrays.equals(header, 0, MAGIC_LENGTH, MAGIC, 0, MAGIC_LENGTH);
    }

    static boolean headerIsWhole(byte[] header, long segment) {
        var crc = new CRC32C();
        crc.update(header, 0, HEADER_CRC_AT);
        return hasMagic(header)
                && (int) INTS.get(header, HEADER_CRC_AT) == (int) crc.getValue()
                && (long) LONGS.get(header, SEGMENT_AT) == segment;
    }

    static int headerVersion(byte[] header) {
        return (int) INTS.get(header, VERSION_AT);
    }

    /** The bytes that a record with this payload takes in the file. */
    static int recordBytes(int payloadLength) {
        return RECORD_HEADER_BYTES + payloadLength + (ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** The kind of a record that is the first after a commit; see {@link #FLAG_GROUP_START}. */
    static int startingGroup(int type) {
        return type | FLAG_GROUP_START << Byte.SIZE;
    }

    /** Completes a record whose payload already lies behind its header; returns the record's end. */
    static int seal(byte[] in, int at, int payloadLength, long sequence, long segment, int kind, CRC32C crc) {
        INTS.set(in, at + LENGTH_AT, payloadLength);
        LONGS.set(in, at + SEQUENCE_AT, sequence);
        INTS.set(in, at + RECORD_SEGMENT_AT, (int) segment);
        in[at + TYPE_AT] = (byte) kind;
        in[at + FLAGS_AT] = (byte) (kind >>> Byte.SIZE);
        in[at + RESERVED_AT] = 0;
        in[at + RESERVED_AT + 1] = 0;
        int end = at + recordBytes(payloadLength);
        for (int i = at + RECORD_HEADER_BYTES + payloadLength; i < end; i++) {
            in[i] = 0;
        }
        crc.reset();
        crc.update(in, at + LENGTH_AT, RECORD_HEADER_BYTES - LENGTH_AT + payloadLength);
        INTS.set(in, at, (int) crc.getValue());
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

    static boolean startsGroup(byte[] in, int at) {
        return (in[at + FLAGS_AT] & FLAG_GROUP_START) != 0;
    }

    /** Whether a header at this place could be a record of this segment, before the payload is looked at. */
    static boolean isPlausible(byte[] in, int at, long segment, long bytesLeft) {
        int length = length(in, at);
        return length > 0
                && length <= bytesLeft - RECORD_HEADER_BYTES
                && (int) INTS.get(in, at + RECORD_SEGMENT_AT) == (int) segment
                && in[at + RESERVED_AT] == 0
                && in[at + RESERVED_AT + 1] == 0;
    }

    static boolean crcMatches(byte[] in, int at, CRC32C crc) {
        crc.reset();
        crc.update(in, at + LENGTH_AT, RECORD_HEADER_BYTES - LENGTH_AT + length(in, at));
        return (int) INTS.get(in, at) == (int) crc.getValue();
    }
}
