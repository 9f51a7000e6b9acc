package io.metricstream.export;

import java.nio.charset.StandardCharsets;

/**
 * What the lines of one series have in common: the bytes between time and value, then those from the value to the end of
 * the line. Immutable.
 */
final class SeriesText {
    private final byte[] bytes;
    private final int beforeValue;

    private SeriesText(byte[] bytes, int beforeValue) {
        this.bytes = bytes;
        this.beforeValue = beforeValue;
    }

    static SeriesText of(String beforeValue, String afterValue) {
        return new SeriesText(
                (beforeValue + afterValue).getBytes(StandardCharsets.UTF_8),
                beforeValue.getBytes(StandardCharsets.UTF_8).length);
    }

    int lengthBytes() {
        return bytes.length;
    }

    int putBeforeValue(byte[] to, int at) {
        System.arraycopy(bytes, 0, to, at, beforeValue);
        return at + beforeValue;
    }

    int putAfterValue(byte[] to, int at) {
        System.arraycopy(bytes, beforeValue, to, at, bytes.length - beforeValue);
        return at + bytes.length - beforeValue;
    }
}
