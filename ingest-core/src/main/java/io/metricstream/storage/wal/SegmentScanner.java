package io.metricstream.storage.wal;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Steps through the records of one segment, and over what is no record, in bounded memory: a window of 1 MiB, or a
 * record where a whole one is longer.
 *
 * <p>After {@link #next} returned RECORD, the record lies at {@link #recordAt} in {@link #bytes}. After HOLE, the bytes
 * of the file from {@link #holeStart} to {@link #holeEnd} are no record, and a record follows. After END there is no
 * further record; {@link #tailBytes} says how many bytes up to the last that is not zero lie behind the last record.
 *
 * <p>The log may be appended to meanwhile. It is written in ascending order, so a hole that was only a place not written
 * yet is filled by the time something is seen behind it; what looks like a hole is therefore read once more.
 */
@OwnedBy(Role.MAIN)
final class SegmentScanner {
    enum Step {
        RECORD,
        HOLE,
        END
    }

    private static final int WINDOW_BYTES = 1 << 20;

    private final SegmentBytes file;
    private final long segment;
    private final long limit;
    private final CRC32C crc = new CRC32C();

    private byte[] window;
    private long windowStart;
    private int windowLength;

    private long at;
    private long recordStart;
    private long holeStart;
    private long tailBytes;

    /** Scans from this offset up to the limit or the file's end. */
    SegmentScanner(SegmentBytes file, long segment, long start, long limit) throws StorageFailure {
        this.file = file;
        this.segment = segment;
        this.limit = Math.min(limit, file.size());
        this.at = start;
        this.window = new byte[(int) Math.max(WalLayout.ALIGNMENT, Math.min(WINDOW_BYTES, this.limit - start))];
    }

    Step next() throws StorageFailure {
        if (recordIsAt(at)) {
            return record();
        }
        holeStart = at;
        long lastNonZero = at;
        for (long candidate = at; candidate < limit; candidate += WalLayout.ALIGNMENT) {
            if (isZero(candidate)) {
                continue;
            }
            lastNonZero = Math.min(limit, candidate + WalLayout.ALIGNMENT);
            if (candidate > holeStart && recordIsAt(candidate)) {
                if (isWrittenMeanwhile()) {
                    return record();
                }
                if (recordIsAt(candidate)) {
                    at = candidate;
                    return Step.HOLE;
                }
            }
        }
        if (lastNonZero > holeStart && isWrittenMeanwhile()) {
            return record();
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

    private Step record() {
        at = recordStart + WalLayout.recordBytes(WalLayout.length(window, recordAt()));
        return Step.RECORD;
    }

    private boolean isZero(long offset) throws StorageFailure {
        return ensure(offset, WalLayout.ALIGNMENT) == WalLayout.ALIGNMENT
                && (long) WalLayout.LONGS.get(window, (int) (offset - windowStart)) == 0;
    }

    private boolean isWrittenMeanwhile() throws StorageFailure {
        windowLength = 0;
        return recordIsAt(holeStart);
    }

    private boolean recordIsAt(long offset) throws StorageFailure {
        if (ensure(offset, WalLayout.RECORD_HEADER_BYTES) < WalLayout.RECORD_HEADER_BYTES) {
            return false;
        }
        if (!WalLayout.isPlausible(window, (int) (offset - windowStart), segment, limit - offset)) {
            return false;
        }
        int length = WalLayout.recordBytes(WalLayout.length(window, (int) (offset - windowStart)));
        if (length > window.length) {
            // Only a record that is one gets memory of its size; a damaged length may be any number.
            if (!crcMatches(offset, length)) {
                return false;
            }
            window = new byte[length];
            windowLength = 0;
        }
        if (ensure(offset, length) < length) {
            return false;
        }
        recordStart = offset;
        crc.reset();
        WalLayout.updateWithHeader(crc, window, recordAt());
        crc.update(window, recordAt() + WalLayout.RECORD_HEADER_BYTES, length - WalLayout.RECORD_HEADER_BYTES);
        return WalLayout.crc(window, recordAt()) == (int) crc.getValue();
    }

    /** Checks a record that is longer than the window, window by window; the header lies in the window. */
    private boolean crcMatches(long offset, int length) throws StorageFailure {
        int header = (int) (offset - windowStart);
        int wanted = WalLayout.crc(window, header);
        crc.reset();
        WalLayout.updateWithHeader(crc, window, header);
        long end = offset + length;
        for (long from = offset + WalLayout.RECORD_HEADER_BYTES; from < end; ) {
            int have = ensure(from, (int) Math.min(window.length, end - from));
            if (have == 0) {
                return false;
            }
            crc.update(window, (int) (from - windowStart), have);
            from += have;
        }
        return wanted == (int) crc.getValue();
    }

    /** Brings at least so many bytes from this offset into the window, where the file has them; returns how many. */
    private int ensure(long offset, int wanted) throws StorageFailure {
        if (offset >= windowStart && offset + wanted <= windowStart + windowLength) {
            return wanted;
        }
        ByteBuffer into = ByteBuffer.wrap(window, 0, (int) Math.min(window.length, Math.max(0, limit - offset)));
        file.readUpTo(into, offset);
        windowStart = offset;
        windowLength = into.position();
        return Math.min(wanted, windowLength);
    }
}
