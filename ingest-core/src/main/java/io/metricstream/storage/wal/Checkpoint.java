package io.metricstream.storage.wal;

import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * How far the log is in parts: the samples of all records up to this one. A start reads them there and not in the log.
 * The file {@code checkpoint} in the data folder holds it; docs/format/checkpoint.md explains the bytes.
 *
 * <pre>
 *   0  magic "MSTRMCKP"      8  u32 format version     12  u32 zero
 *  16  u64 sequence         24  u64 segment            32  u32 CRC32C of bytes 0 .. 32
 * </pre>
 *
 * Magic, version and checksum stay where they are in every later version.
 *
 * @param sequence the last record whose samples are in parts; -1 for none
 * @param segment no later segment has such records; the log goes on in later ones where no segment is left
 */
public record Checkpoint(long sequence, long segment) {
    /** Nothing is in parts. */
    public static final Checkpoint NONE = new Checkpoint(-1, 0);

    static final int FORMAT_VERSION = 1;
    private static final byte[] MAGIC = "MSTRMCKP".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_AT = 8;
    private static final int SEQUENCE_AT = 16;
    private static final int SEGMENT_AT = 24;
    private static final int CRC_AT = 32;
    private static final int BYTES = 36;

    /** That of a data folder; {@link #NONE} where it has none. Fails with Corrupt or Unsupported on one of others. */
    public static Checkpoint read(Disk disk, Path dataFolder) throws StorageFailure {
        Path path = path(dataFolder);
        if (!disk.exists(path)) {
            return NONE;
        }
        ByteBuffer bytes = DurableFiles.read(disk, path, BYTES + 1).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.limit() < BYTES || !bytes.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            throw new StorageFailure.Corrupt(path, 0, "not a checkpoint");
        }
        if (bytes.getInt(CRC_AT) != crc(bytes)) {
            throw new StorageFailure.Corrupt(path, CRC_AT, "the checksum does not match");
        }
        int version = bytes.getInt(VERSION_AT);
        if (version != FORMAT_VERSION) {
            throw new StorageFailure.Unsupported(
                    path, "checkpoint format version " + version, "version " + FORMAT_VERSION);
        }
        if (bytes.limit() != BYTES) {
            throw new StorageFailure.Corrupt(path, BYTES, "bytes after its end");
        }
        return new Checkpoint(bytes.getLong(SEQUENCE_AT), bytes.getLong(SEGMENT_AT));
    }

    /** Puts it in place, durably. */
    public void write(Disk disk, Path dataFolder) throws StorageFailure {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(0, MAGIC);
        bytes.putInt(VERSION_AT, FORMAT_VERSION);
        bytes.putLong(SEQUENCE_AT, sequence);
        bytes.putLong(SEGMENT_AT, segment);
        bytes.putInt(CRC_AT, crc(bytes));
        DurableFiles.write(disk, path(dataFolder), bytes);
    }

    /** Where that of a data folder is. */
    public static Path path(Path dataFolder) {
        return dataFolder.resolve("checkpoint");
    }

    private static int crc(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.slice(0, CRC_AT));
        return (int) crc.getValue();
    }
}
