package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.Transferred;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The UTF-8 of a label's name or value, ordered as {@link Labels#compareText} orders it: a copy that can be the key of a
 * map, or a view that moves from text to text to look one up.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class Text implements Comparable<Text> {
    private byte[] bytes = new byte[0];
    private int from;
    private int end;
    private int hash;

    /** Makes it a view of these bytes. */
    void view(@Borrowed byte[] of, int at, int length) {
        bytes = of;
        from = at;
        end = at + length;
        hash = (int) SeriesKey.hash(of, at, length);
    }

    /** A text of these bytes, which nobody changes any more. */
    static Text of(@Transferred byte[] bytes) {
        var text = new Text();
        text.view(bytes, 0, bytes.length);
        return text;
    }

    Text copy() {
        var copy = new Text();
        copy.bytes = toBytes();
        copy.end = copy.bytes.length;
        copy.hash = hash;
        return copy;
    }

    boolean is(@Borrowed byte[] other, int at, int length) {
        return Arrays.equals(bytes, from, end, other, at, at + length);
    }

    int length() {
        return end - from;
    }

    byte[] toBytes() {
        return Arrays.copyOfRange(bytes, from, end);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Text text && hash == text.hash && is(text.bytes, text.from, text.length());
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public int compareTo(Text other) {
        return Arrays.compareUnsigned(bytes, from, end, other.bytes, other.from, other.end);
    }
}
