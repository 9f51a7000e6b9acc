package io.metricstream.storage.part;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Where everything lies in a part; docs/format/part.md explains it. All numbers are little-endian.
 *
 * <pre>
 *  header, 16 bytes           page, 16 bytes and its payload          trailer, 32 bytes
 *   0  magic "MSTRPART"        0  u32 CRC32C of all that follows        0  u64 where the contents page begins
 *   8  u32 format version      4  u32 length of the payload             8  u64 length of the file
 *  12  u32 CRC32C of 0 .. 12   8  u32 length of it when unpacked       16  u32 CRC32C of bytes 0 .. 16
 *                             12  u32 kind                             20  u32 format version
 *                             16  payload, zstd where that is shorter  24  magic "MSTRPEND"
 * </pre>
 */
final class PartLayout {
    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static final int FORMAT_VERSION = 1;
    static final int HEADER_BYTES = 16;
    static final int PAGE_HEADER_BYTES = 16;
    static final int TRAILER_BYTES = 32;

    static final byte KIND_SAMPLES = 1;
    static final byte KIND_SERIES = 2;
    static final byte KIND_VALUES = 3;
    static final byte KIND_POSTINGS = 4;
    static final byte KIND_CONTENTS = 5;

    /** About the length of a page of samples. */
    static final int SAMPLE_PAGE_BYTES = 64 << 10;
    /** A page of series or values is closed once it is this long; one bitmap may make a page longer. */
    static final int INDEX_PAGE_BYTES = 8 << 10;
    /** No page is longer than this when unpacked; a claim of more is damage. */
    static final int MAX_PAGE_BYTES = 256 << 20;

    static final byte[] MAGIC = "MSTRPART".getBytes(StandardCharsets.US_ASCII);
    static final byte[] END_MAGIC = "MSTRPEND".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION_AT = 8;
    static final int HEADER_CRC_AT = 12;

    static final int PAGE_CRC_AT = 0;
    static final int PAGE_LENGTH_AT = 4;
    static final int PAGE_RAW_LENGTH_AT = 8;
    static final int PAGE_KIND_AT = 12;

    static final int TRAILER_LENGTH_AT = 8;
    static final int TRAILER_CRC_AT = 16;
    static final int TRAILER_VERSION_AT = 20;
    static final int TRAILER_MAGIC_AT = 24;

    private PartLayout() {}

    static byte[] header() {
        byte[] header = new byte[HEADER_BYTES];
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        INTS.set(header, VERSION_AT, FORMAT_VERSION);
        INTS.set(header, HEADER_CRC_AT, crc(header, 0, HEADER_CRC_AT));
        return header;
    }

    static byte[] trailer(long contentsAt, long fileBytes) {
        byte[] trailer = new byte[TRAILER_BYTES];
        LONGS.set(trailer, 0, contentsAt);
        LONGS.set(trailer, TRAILER_LENGTH_AT, fileBytes);
        INTS.set(trailer, TRAILER_CRC_AT, crc(trailer, 0, TRAILER_CRC_AT));
        INTS.set(trailer, TRAILER_VERSION_AT, FORMAT_VERSION);
        System.arraycopy(END_MAGIC, 0, trailer, TRAILER_MAGIC_AT, END_MAGIC.length);
        return trailer;
    }

    static int crc(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
