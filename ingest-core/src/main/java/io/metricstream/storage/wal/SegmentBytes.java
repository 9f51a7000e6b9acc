package io.metricstream.storage.wal;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;

/**
 * The bytes of a segment, and in place of those that the disk does not give, bytes that no record has: so that what
 * surrounds them is found. Every block is tried by itself before it is given up.
 *
 * <p>Thread: its creator, who also closes the file.
 */
@OwnedBy(Role.MAIN)
final class SegmentBytes {
    private static final byte PATCH = (byte) 0xFF;
    private static final int BLOCK_BYTES = 4096;

    private final DiskFile file;
    private final boolean patches;
    private long unreadable;

    /** @param patches false where a failure to read is the caller's to hear of */
    SegmentBytes(DiskFile file, boolean patches) {
        this.file = file;
        this.patches = patches;
    }

    /** Reads from this offset on until the buffer is full or the file ends. */
    void readUpTo(@Borrowed ByteBuffer to, long offsetBytes) throws StorageFailure {
        int start = to.position();
        try {
            file.readUpTo(to, offsetBytes);
        } catch (StorageFailure.Io e) {
            if (!patches) {
                throw e;
            }
            to.position(start);
            readBlocks(to, offsetBytes);
        }
    }

    private void readBlocks(ByteBuffer to, long offsetBytes) throws StorageFailure {
        long end = Math.min(file.size(), offsetBytes + to.remaining());
        for (long at = offsetBytes; at < end; ) {
            int length = (int) Math.min(end - at, BLOCK_BYTES - at % BLOCK_BYTES);
            int position = to.position();
            ByteBuffer block = to.slice(position, length);
            try {
                file.readUpTo(block, at);
            } catch (StorageFailure.Io given) {
                for (int i = 0; i < length; i++) {
                    to.put(position + i, PATCH);
                }
                unreadable += length;
            }
            to.position(position + length);
            at += length;
        }
    }

    /** How many bytes had to be made up so far; those that were read more often count so. */
    long unreadable() {
        return unreadable;
    }

    long size() throws StorageFailure {
        return file.size();
    }
}
