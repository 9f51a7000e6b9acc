package io.metricstream.model;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Goes through the texts of a {@link SeriesKey} without creating objects: the name first, then tag after tag.
 *
 * <p>Thread: one at a time. Order: {@link #open}, after which the value is the metric's name; after each {@link #nextTag}
 * key and value are those of a tag. The bytes must be those of a key, as in the series table and in parts.
 */
@OwnedBy(Role.QUERY)
public final class SeriesKeyReader {
    private byte[] bytes = new byte[0];
    private int tagsLeft;
    private int keyAt;
    private int keyLength;
    private int valueAt;
    private int valueLength;
    private int next;

    /** Begins with the key at this offset; the array is read until the next one is opened. */
    public void open(@Borrowed byte[] key, int offset) {
        bytes = key;
        keyAt = offset;
        keyLength = 0;
        next = offset + 1;
        readValue();
        tagsLeft = SeriesKey.varint(bytes, next);
        next += SeriesKey.varintBytes(bytes, next);
    }

    /** Moves to the next tag; false after the last. */
    public boolean nextTag() {
        if (tagsLeft == 0) {
            return false;
        }
        tagsLeft--;
        keyLength = SeriesKey.varint(bytes, next);
        keyAt = next + SeriesKey.varintBytes(bytes, next);
        next = keyAt + keyLength;
        readValue();
        return true;
    }

    public int keyAt() {
        return keyAt;
    }

    public int keyLength() {
        return keyLength;
    }

    public int valueAt() {
        return valueAt;
    }

    public int valueLength() {
        return valueLength;
    }

    private void readValue() {
        valueLength = SeriesKey.varint(bytes, next);
        valueAt = next + SeriesKey.varintBytes(bytes, next);
        next = valueAt + valueLength;
    }
}
