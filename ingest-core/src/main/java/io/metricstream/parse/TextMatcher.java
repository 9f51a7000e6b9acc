package io.metricstream.parse;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * Recognises a metric by its remembered text and reads its two numbers, without looking at anything else in it.
 *
 * <p>What it recognises Jackson would accept, with the same series, time and value; what it does not recognise is for
 * Jackson to judge.
 *
 * <p>Thread: one event loop. Order: {@link #open} for each body; the results are those of the last match.
 */
@OwnedBy(Role.EVENT_LOOP)
final class TextMatcher {
    /** Not this text, or numbers that are not for this class to judge. */
    static final int NONE = -1;

    private final RememberedTexts texts;
    private final TimeWindow window;
    private final NumberReader numbers = new NumberReader();

    private byte[] body = new byte[0];
    private int end;

    private int ref;
    private double value;
    private long timestampMillis;

    /** Where in this body the timestamp stands that was read last; most metrics of a request have the same. */
    private int lastTimeStart;

    private int lastTimeLength;
    private long lastTimeMillis;

    TextMatcher(RememberedTexts texts, TimeWindow window) {
        this.texts = texts;
        this.window = window;
    }

    void open(@Borrowed byte[] bytes, int limit) {
        body = bytes;
        end = limit;
        lastTimeLength = 0;
    }

    int ref() {
        return ref;
    }

    double value() {
        return value;
    }

    long timestampMillis() {
        return timestampMillis;
    }

    /** Compares the object at {@code from} with a text; returns the index behind the object. */
    int match(int text, int from) {
        int[] records = texts.records();
        byte[] pieces = texts.pieces();
        int at = text << RememberedLayout.INTS_SHIFT;
        int lengths = records[at + RememberedLayout.LENGTHS];
        int lastAndFlags = records[at + RememberedLayout.LENGTH_AND_FLAGS];
        ref = records[at + RememberedLayout.REF];

        int i = past(pieces, records[at + RememberedLayout.FIRST], from, lengths & RememberedLayout.LENGTH_MASK);
        if (i == NONE) {
            return NONE;
        }
        if ((lastAndFlags & RememberedLayout.VALUE_ONLY) != 0) {
            timestampMillis = window.arrivalMillis();
            i = readValue(i);
        } else {
            boolean timeFirst = (lastAndFlags & RememberedLayout.TIMESTAMP_FIRST) != 0;
            i = timeFirst ? readTime(i) : readValue(i);
            if (i == NONE) {
                return NONE;
            }
            i = past(pieces, records[at + RememberedLayout.MIDDLE], i, lengths >>> RememberedLayout.LENGTH_SHIFT);
            if (i == NONE) {
                return NONE;
            }
            i = timeFirst ? readValue(i) : readTime(i);
        }
        if (i == NONE) {
            return NONE;
        }
        return past(pieces, records[at + RememberedLayout.LAST], i, lastAndFlags & RememberedLayout.LENGTH_MASK);
    }

    private int past(byte[] pieces, int piece, int from, int length) {
        int to = from + length;
        return to <= end && Arrays.equals(pieces, piece, piece + length, body, from, to) ? to : NONE;
    }

    private int readValue(int from) {
        int behind = numbers.readDouble(body, from, end);
        value = numbers.value();
        return behind;
    }

    /** A digit behind digits that are the same as last time shows when the next piece is compared: none begins so. */
    private int readTime(int from) {
        int length = lastTimeLength;
        if (length != 0
                && from + length <= end
                && Arrays.equals(body, lastTimeStart, lastTimeStart + length, body, from, from + length)) {
            timestampMillis = lastTimeMillis;
            return from + length;
        }
        int behind = numbers.readInteger(body, from, end);
        if (behind == NumberReader.NONE || !window.admits(numbers.integer())) {
            return NONE;
        }
        timestampMillis = numbers.integer();
        lastTimeMillis = timestampMillis;
        lastTimeStart = from;
        lastTimeLength = behind - from;
        return behind;
    }
}
