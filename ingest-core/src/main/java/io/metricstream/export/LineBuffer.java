package io.metricstream.export;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines on their way out, in one array. Creates no objects per sample.
 *
 * <p>Thread: its creator. Order: add lines until {@link #isFull}, write {@link #content} somewhere, {@link #clear}.
 */
@OwnedBy(Role.MAIN)
final class LineBuffer {
    private static final int FULL_BYTES = 256 << 10;

    private final byte[] header;
    private final byte[] start;
    private final String quote;
    private final TimeText times = new TimeText();
    private final NumberText numbers = new NumberText();
    private byte[] bytes = new byte[FULL_BYTES + (16 << 10)];
    private int length;

    LineBuffer(LineFormat format) {
        this.header = ascii(format.header());
        this.start = ascii(format.start());
        this.quote = format.quote();
    }

    void addHeader() {
        length = put(header, length);
    }

    void add(SeriesText series, long timestampMillis, double value) {
        int most = start.length + TimeText.MAX_BYTES + NumberText.MAX_BYTES + series.lengthBytes();
        if (bytes.length - length < most) {
            bytes = Arrays.copyOf(bytes, bytes.length + most);
        }
        int at = put(start, length);
        at = times.put(timestampMillis, bytes, at);
        at = series.putBeforeValue(bytes, at);
        at = Double.isFinite(value) ? numbers.put(value, bytes, at) : putWord(value, at);
        length = series.putAfterValue(bytes, at);
    }

    boolean isFull() {
        return length >= FULL_BYTES;
    }

    int lengthBytes() {
        return length;
    }

    /** What was added since {@link #clear}; valid until the next call. */
    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    void clear() {
        length = 0;
    }

    private int putWord(double value, int at) {
        String word = Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        return put(ascii(quote + word + quote), at);
    }

    private int put(byte[] from, int at) {
        System.arraycopy(from, 0, bytes, at, from.length);
        return at + from.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
