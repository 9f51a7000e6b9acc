package io.metricstream.storage.wal;

import java.nio.file.Path;

/**
 * Bytes of the log that are not what was written.
 *
 * @param kind what it means
 * @param path the segment's file
 * @param offsetBytes where it begins
 * @param lengthBytes how long it is; 0 where records are missing that no bytes are left of
 * @param firstSequence the sequence number that should have followed
 * @param recordsLost how many records are missing, as far as sequence numbers tell
 */
public record WalDamage(
        Kind kind, Path path, long offsetBytes, long lengthBytes, long firstSequence, long recordsLost) {
    /** What damaged bytes mean. */
    public enum Kind {
        /** The end of a write that was never finished, and so never acknowledged. */
        TORN("unfinished write, never acknowledged"),
        /** Records that had been durable cannot be read. */
        DAMAGED("records cannot be read"),
        /** Sequence numbers are missing between two whole records. */
        MISSING("records are missing"),
        /** A segment's header is broken; its records are read all the same. */
        HEADER("segment header is broken"),
        /** A file that has a segment's name, but neither the header nor a record of one of this log. */
        FOREIGN("no segment of this log");

        private final String reason;

        Kind(String reason) {
            this.reason = reason;
        }

        public String reason() {
            return reason;
        }
    }

    /** The same bytes with another meaning. */
    WalDamage as(Kind other) {
        return new WalDamage(other, path, offsetBytes, lengthBytes, firstSequence, recordsLost);
    }

    /** The same bytes with as many records lost as the next record tells. */
    WalDamage losing(long records) {
        return new WalDamage(kind, path, offsetBytes, lengthBytes, firstSequence, records);
    }

    @Override
    public String toString() {
        return kind.reason + ": file=" + path.getFileName() + ", offset=" + offsetBytes + ", length=" + lengthBytes
                + ", first-sequence=" + firstSequence + ", records-lost=" + recordsLost;
    }
}
