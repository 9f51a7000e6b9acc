package io.metricstream.export;

import io.metricstream.own.Borrowed;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How far the JSON Lines file has come, as remembered durably in the data folder; docs/format/jsonl-position.md explains
 * the bytes. All numbers are little-endian.
 *
 * <pre>
 *   0  magic "MSTRMJLP"          8  u32 format version          12  u32 length p of the path
 *  16  u64 sequence             24  u64 length of the file      32  u32 CRC32C of the file's tail
 *  36  path, UTF-8              36 + p  u32 CRC32C of all before
 * </pre>
 *
 * @param sequence of the first record of the log whose samples are not in the file
 * @param path the file; a text, as a path may make no sense under another locale
 * @param lengthBytes the file's length with the samples of all records before and no others
 * @param tailCrc a checksum of the end of that, by which the file is known again
 */
record JsonLinesProgress(long sequence, String path, long lengthBytes, int tailCrc) {
    static final int FORMAT_VERSION = 1;
    private static final byte[] MAGIC = "MSTRMJLP".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_AT = 8;
    private static final int PATH_LENGTH_AT = 12;
    private static final int SEQUENCE_AT = 16;
    private static final int LENGTH_AT = 24;
    private static final int TAIL_CRC_AT = 32;
    private static final int PATH_AT = 36;
    private static final int MOST_PATH_BYTES = 1 << 16;

    static Path file(Path dataFolder) {
        return dataFolder.resolve("jsonl-position");
    }

    /** What a data folder remembers; empty where it remembers nothing. Fails with Corrupt or Unsupported on other bytes. */
    static Optional<JsonLinesProgress> read(Disk disk, Path dataFolder) throws StorageFailure {
        Path file = file(dataFolder);
        if (!disk.exists(file)) {
            return Optional.empty();
        }
        ByteBuffer bytes = DurableFiles.read(disk, file, MOST_PATH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.limit() < PATH_AT + Integer.BYTES
                || !bytes.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            throw new StorageFailure.Corrupt(file, 0, "not a position of a JSON Lines file");
        }
        // Every version ends with this checksum, so that damage is not taken for another version.
        int crcAt = bytes.limit() - Integer.BYTES;
        if (bytes.getInt(crcAt) != crc(bytes, crcAt)) {
            throw new StorageFailure.Corrupt(file, PATH_AT, "the checksum does not match");
        }
        int version = bytes.getInt(VERSION_AT);
        if (version != FORMAT_VERSION) {
            throw new StorageFailure.Unsupported(file, "format version " + version, "version " + FORMAT_VERSION);
        }
        int pathLength = bytes.getInt(PATH_LENGTH_AT);
        if (pathLength != crcAt - PATH_AT) {
            throw new StorageFailure.Corrupt(file, PATH_LENGTH_AT, "a path of " + pathLength + " bytes");
        }
        return Optional.of(new JsonLinesProgress(
                bytes.getLong(SEQUENCE_AT),
                StandardCharsets.UTF_8.decode(bytes.slice(PATH_AT, pathLength)).toString(),
                bytes.getLong(LENGTH_AT),
                bytes.getInt(TAIL_CRC_AT)));
    }

    /** Puts it in place, durably. */
    void write(Disk disk, Path dataFolder) throws StorageFailure {
        byte[] pathBytes = path.getBytes(StandardCharsets.UTF_8);
        int crcAt = PATH_AT + pathBytes.length;
        ByteBuffer bytes = ByteBuffer.allocate(crcAt + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(0, MAGIC);
        bytes.putInt(VERSION_AT, FORMAT_VERSION);
        bytes.putInt(PATH_LENGTH_AT, pathBytes.length);
        bytes.putLong(SEQUENCE_AT, sequence);
        bytes.putLong(LENGTH_AT, lengthBytes);
        bytes.putInt(TAIL_CRC_AT, tailCrc);
        bytes.put(PATH_AT, pathBytes);
        bytes.putInt(crcAt, crc(bytes, crcAt));
        DurableFiles.write(disk, file(dataFolder), bytes);
    }

    private static int crc(@Borrowed ByteBuffer bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes.slice(0, length));
        return (int) crc.getValue();
    }
}
