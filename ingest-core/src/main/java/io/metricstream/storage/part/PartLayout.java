package io.metricstream.storage.part;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Where everything lies in a part; docs/format/part.md explains it. All numbers are little-endian.
 *
 * <pre>
 *  header, 16 bytes                 trailer, 128 bytes
 *   0  magic "MSTRPART"              0  u64 partition start, ms            64  u64 samples
 *   8  u32 format version            8  u64 partition span, ms             72  u64 size of the file
 *  12  u32 CRC32C of bytes 0 .. 12  16  u64 first sequence                 80  u64 offset of the page table
 *                                   24  u64 last sequence                  88  u64 offset of the key table
 *  frame                            32  u64 last deletion                  96  u64 offset of the label table
 *   0  u32 CRC32C of the offset in  40  u64 earliest time, ms             104  u32 length of the page table
 *      the file (u64), then of      48  u64 latest time, ms               108  u32 length of the key table
 *      bytes 4 .. length            56  u64 series                        112  u32 length of the label table
 *   4  u32 length, kind in the                                            116  u32 CRC32C of bytes 0 .. 116
 *      upper 4 bits                                                       120  magic "TRAPRTSM"
 *   8  payload
 * </pre>
 */
final class PartLayout {
    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static final int FORMAT_VERSION = 1;
    static final int HEADER_BYTES = 16;
    static final int TRAILER_BYTES = 128;
    static final int FRAME_HEADER_BYTES = 8;
    /** The length shares four bytes with the kind. */
    static final int MAX_FRAME_BYTES = (1 << 28) - 1;

    /** What is in a frame; the code is stored and never changes. */
    enum Kind {
        PAGE_DIRECTORY(1),
        PAGE_TIMES(2),
        PAGE_VALUES(3),
        KEYS(4),
        LABEL_VALUES(5),
        POSTINGS(6),
        VALUE_TABLE(7),
        PAGE_TABLE(8),
        KEY_TABLE(9),
        LABEL_TABLE(10);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** Keys in a frame of keys; the last has what is left. */
    static final int KEYS_PER_FRAME = 128;

    private static final byte[] MAGIC = "MSTRPART".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_MAGIC = "TRAPRTSM".getBytes(StandardCharsets.US_ASCII);
    private static final int MAGIC_BYTES = 8;
    private static final int VERSION_AT = 8;
    private static final int HEADER_CRC_AT = 12;

    static final int PARTITION_START_AT = 0;
    static final int PARTITION_SPAN_AT = 8;
    static final int FIRST_SEQUENCE_AT = 16;
    static final int LAST_SEQUENCE_AT = 24;
    static final int LAST_DELETION_AT = 32;
    static final int MIN_TIME_AT = 40;
    static final int MAX_TIME_AT = 48;
    static final int SERIES_AT = 56;
    static final int SAMPLES_AT = 64;
    static final int FILE_BYTES_AT = 72;
    static final int PAGE_TABLE_AT = 80;
    static final int KEY_TABLE_AT = 88;
    static final int LABEL_TABLE_AT = 96;
    static final int PAGE_TABLE_LENGTH_AT = 104;
    static final int KEY_TABLE_LENGTH_AT = 108;
    static final int LABEL_TABLE_LENGTH_AT = 112;
    private static final int TRAILER_CRC_AT = 116;
    private static final int END_MAGIC_AT = 120;

    private static final int FRAME_LENGTH_AT = 4;
    private static final int KIND_SHIFT = 28;

    private PartLayout() {}

    static byte[] header() {
        byte[] to = Arrays.copyOf(MAGIC, HEADER_BYTES);
        INTS.set(to, VERSION_AT, FORMAT_VERSION);
        INTS.set(to, HEADER_CRC_AT, crc(to, 0, HEADER_CRC_AT));
        return to;
    }

    static boolean hasMagic(byte[] header) {
        return Arrays.equals(header, 0, MAGIC_BYTES, MAGIC, 0, MAGIC_BYTES);
    }

    static boolean isHeaderWhole(byte[] header) {
        return (int) INTS.get(header, HEADER_CRC_AT) == crc(header, 0, HEADER_CRC_AT);
    }

    static int headerVersion(byte[] header) {
        return (int) INTS.get(header, VERSION_AT);
    }

    /** Completes a trailer whose numbers are in place. */
    static void sealTrailer(byte[] trailer) {
        INTS.set(trailer, TRAILER_CRC_AT, crc(trailer, 0, TRAILER_CRC_AT));
        System.arraycopy(END_MAGIC, 0, trailer, END_MAGIC_AT, MAGIC_BYTES);
    }

    static boolean isTrailerWhole(byte[] trailer) {
        return (int) INTS.get(trailer, TRAILER_CRC_AT) == crc(trailer, 0, TRAILER_CRC_AT)
                && Arrays.equals(trailer, END_MAGIC_AT, TRAILER_BYTES, END_MAGIC, 0, MAGIC_BYTES);
    }

    /** Completes a frame of this length whose payload is in place, to be written at this offset of the file. */
    static void sealFrame(byte[] in, int at, int length, Kind kind, long fileOffset) {
        INTS.set(in, at + FRAME_LENGTH_AT, kind.code << KIND_SHIFT | length);
        INTS.set(in, at, frameCrc(in, at, length, fileOffset));
    }

    static boolean isFrameWhole(byte[] in, int length, Kind kind, long fileOffset) {
        return (int) INTS.get(in, FRAME_LENGTH_AT) == (kind.code << KIND_SHIFT | length)
                && (int) INTS.get(in, 0) == frameCrc(in, 0, length, fileOffset);
    }

    private static int frameCrc(byte[] in, int at, int length, long fileOffset) {
        byte[] offset = new byte[Long.BYTES];
        LONGS.set(offset, 0, fileOffset);
        var crc = new CRC32C();
        crc.update(offset);
        crc.update(in, at + FRAME_LENGTH_AT, length - FRAME_LENGTH_AT);
        return (int) crc.getValue();
    }

    private static int crc(byte[] in, int from, int to) {
        var crc = new CRC32C();
        crc.update(in, from, to - from);
        return (int) crc.getValue();
    }
}
