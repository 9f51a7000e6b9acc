package io.metricstream.storage.part;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;

/**
 * Reads the payload of a page, value by value, and never beyond its end.
 *
 * <p>Thread: that of its cursor. Fails: {@link StorageFailure.Corrupt} where the payload does not make sense.
 */
@OwnedBy(Role.QUERY)
final class PageReader {
    private final Path path;
    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private long pageAt;

    PageReader(Path path) {
        this.path = path;
    }

    /** Begins with a page. */
    void open(@Borrowed PartInput.Page page) {
        bytes = page.bytes();
        at = page.start();
        end = at + page.length();
        pageAt = page.offset();
    }

    /** There is nothing more to read until the next page. */
    void end() {
        at = end;
    }

    byte[] bytes() {
        return bytes;
    }

    int at() {
        return at;
    }

    boolean isAtEnd() {
        return at >= end;
    }

    int remaining() {
        return end - at;
    }

    int readByte() throws StorageFailure {
        if (at >= end) {
            throw corrupt("a page ends early");
        }
        return bytes[at++];
    }

    long readVarint() throws StorageFailure {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = readByte();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw corrupt("a number is too long");
    }

    /** A number that must not be above this bound; a claim of more is damage. */
    int readInt(long most) throws StorageFailure {
        long value = readVarint();
        if (value < 0 || value > most) {
            throw corrupt("found " + Long.toUnsignedString(value) + ", wanted at most " + most);
        }
        return (int) value;
    }

    long readZigzag() throws StorageFailure {
        long value = readVarint();
        return value >>> 1 ^ -(value & 1);
    }

    long readLong() throws StorageFailure {
        return (long) PartLayout.LONGS.get(bytes, skip(Long.BYTES));
    }

    /** Passes over so many bytes and returns where they begin. */
    int skip(int count) throws StorageFailure {
        if (count > end - at) {
            throw corrupt("a page ends early");
        }
        int start = at;
        at += count;
        return start;
    }

    StorageFailure corrupt(String reason) {
        return new StorageFailure.Corrupt(path, pageAt, reason);
    }
}
