package io.metricstream.storage.wal;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Steps through the records of one segment, and over what is no record, in bounded memory.
 *
 * <p>After {@link #next} returned RECORD, the record lies at {@link #recordAt} in {@link #bytes}. After HOLE, the bytes
 * of the file from {@link #holeStart} to {@link #holeEnd} are no record, and a record follows. After END there is no
 * further record; {@link #tailBytes} says how many bytes up to the last that is not zero lie behind the last record.
 */
@OwnedBy(Role.MAIN)
final class SegmentScanner {
    enum Step {
        RECORD,
        HOLE,
        END
    }

    private static final int WINDOW_BYTES = 1 << 20;

    private final DiskFile file;
    private final long segment;
    private final long limit;
    private final CRC32C crc = new CRC32C();

    private byte[] window = new byte[WINDOW_BYTES];
    private long windowStart;
    private int windowLength;

    private long at;
    private long recordStart;
    private long holeStart;
    private long tailBytes;

    /** Scans from this offset up to the limit or the file's end. */
    SegmentScanner(DiskFile file, long segment, long start, long limit) throws StorageFailure {
        this.file = file;
        this.segment = segment;
        this.limit = Math.min(limit, file.size());
        this.at = start;
    }

    Step next() throws StorageFailure {
        if (recordIsAt(at)) {
            recordStart = at;
            at += WalLayout.recordBytes(WalLayout.length(window, recordAt()));
            return Step.RECORD;
        }
        holeStart = at;
        long lastNonZero = at;
        for (long candidate = at; candidate < limit; candidate += WalLayout.ALIGNMENT) {
            int have = ensure(candidate, WalLayout.ALIGNMENT);
            if (have >= WalLayout.ALIGNMENT
                    && (long) WalLayout.LONGS.get(window, (int) (candidate - windowStart)) == 0) {
                continue;
            }
            if (candidate > holeStart && recordIsAt(candidate)) {
                at = candidate;
                return Step.HOLE;
            }
            lastNonZero = Math.min(limit, candidate + WalLayout.ALIGNMENT);
        }
        tailBytes = lastNonZero - holeStart;
        return Step.END;
    }

    byte[] bytes() {
        return window;
    }

    /** Where in {@link #bytes} the current record begins. */
    int recordAt() {
        return (int) (recordStart - windowStart);
    }

    /** Where in the file the current record begins. */
    long recordStart() {
        return recordStart;
    }

    /** Where in the file the next record is looked for. */
    long position() {
        return at;
    }

    long holeStart() {
        return holeStart;
    }

    long holeEnd() {
        return at;
    }

    long tailBytes() {
        return tailBytes;
    }

    private boolean recordIsAt(long offset) throws StorageFailure {
        if (ensure(offset, WalLayout.RECORD_HEADER_BYTES) < WalLayout.RECORD_HEADER_BYTES) {
            return false;
        }
        if (!WalLayout.isPlausible(window, (int) (offset - windowStart), segment, limit - offset)) {
            return false;
        }
        int length = WalLayout.RECORD_HEADER_BYTES + WalLayout.length(window, (int) (offset - windowStart));
        if (ensure(offset, length) < length) {
            return false;
        }
        recordStart = offset;
        return WalLayout.crcMatches(window, recordAt(), crc);
    }

    /** Brings at least so many bytes from this offset into the window, where the file has them; returns how many. */
    private int ensure(long offset, int wanted) throws StorageFailure {
        if (offset >= windowStart && offset + wanted <= windowStart + windowLength) {
            return wanted;
        }
        if (wanted > window.length) {
            window = new byte[wanted + WINDOW_BYTES];
        }
        ByteBuffer into = ByteBuffer.wrap(window, 0, (int) Math.min(window.length, Math.max(0, limit - offset)));
        while (into.hasRemaining() && file.read(into, offset + into.position()) >= 0) {
            // Reads go on until the window is full or the file ends.
        }
        windowStart = offset;
        windowLength = into.position();
        return Math.min(wanted, windowLength);
    }
}
