package io.metricstream.parse;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Finds where a metric's object ends and where in it the numbers of the fields {@code value} and {@code timestamp}
 * stand, which is all that changes from sample to sample of a series.
 *
 * <p>On JSON its answers are right, and it refuses an object in which another field's name might stand for one of the two
 * by an escape. On anything else it answers something, reads no byte outside, and the caller compares the text.
 *
 * <p>Thread: one event loop. Order: the places are those of the last {@link #scan} that answered true.
 */
@OwnedBy(Role.EVENT_LOOP)
final class ObjectScanner {
    private static final int NONE = -1;

    private int end;
    private boolean plain;
    private int valueStart;
    private int valueEnd;
    private int timestampStart;
    private int timestampEnd;

    /**
     * Looks at the object that begins at {@code from}.
     *
     * @return false where no object ends
     */
    boolean scan(@Borrowed byte[] bytes, int from, int limit) {
        plain = true;
        valueStart = NONE;
        timestampStart = NONE;
        timestampEnd = NONE;
        int depth = 0;
        boolean nameNext = false;
        for (int i = from; i < limit; i++) {
            switch (bytes[i]) {
                case '"' -> {
                    int close = stringEnd(bytes, i + 1, limit);
                    if (close == NONE) {
                        return false;
                    }
                    if (nameNext && depth == 1) {
                        nameNext = false;
                        i = afterName(bytes, i + 1, close, limit) - 1;
                    } else {
                        i = close;
                    }
                }
                case '{', '[' -> {
                    depth++;
                    nameNext = depth == 1;
                }
                case ',' -> nameNext = true;
                case '}', ']' -> {
                    depth--;
                    if (depth == 0) {
                        end = i + 1;
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }

    /** The index behind the object. */
    int end() {
        return end;
    }

    /** Whether there is one {@code value} and at most one {@code timestamp}, and both are numbers. */
    boolean isPlain() {
        return plain && valueStart != NONE;
    }

    boolean hasTimestamp() {
        return timestampStart != NONE;
    }

    boolean isTimestampFirst() {
        return timestampStart != NONE && timestampStart < valueStart;
    }

    /** The earlier of the two numbers. */
    int firstStart() {
        return isTimestampFirst() ? timestampStart : valueStart;
    }

    int firstEnd() {
        return isTimestampFirst() ? timestampEnd : valueEnd;
    }

    /** The later of the two numbers, where there are two. */
    int secondStart() {
        return isTimestampFirst() ? valueStart : timestampStart;
    }

    int secondEnd() {
        return isTimestampFirst() ? valueEnd : timestampEnd;
    }

    /** Takes note of the number behind one of the two names; returns where to go on. */
    private int afterName(byte[] bytes, int from, int close, int limit) {
        boolean value = isValue(bytes, from, close);
        if (!value && !isTimestamp(bytes, from, close)) {
            plain &= !hasEscape(bytes, from, close);
            return close + 1;
        }
        int start = close + 1;
        while (start < limit && (bytes[start] <= ' ' || bytes[start] == ':')) {
            start++;
        }
        int stop = start;
        while (stop < limit && isOfNumber(bytes[stop])) {
            stop++;
        }
        if (stop == start || (value ? valueStart : timestampStart) != NONE) {
            plain = false;
            return close + 1;
        }
        if (value) {
            valueStart = start;
            valueEnd = stop;
        } else {
            timestampStart = start;
            timestampEnd = stop;
        }
        return stop;
    }

    private static int stringEnd(byte[] bytes, int from, int limit) {
        for (int i = from; i < limit; i++) {
            byte b = bytes[i];
            if (b == '"') {
                return i;
            }
            if (b == '\\') {
                i++;
            }
        }
        return NONE;
    }

    private static boolean hasEscape(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    private static boolean isValue(byte[] bytes, int from, int to) {
        return to - from == 5
                && bytes[from] == 'v'
                && bytes[from + 1] == 'a'
                && bytes[from + 2] == 'l'
                && bytes[from + 3] == 'u'
                && bytes[from + 4] == 'e';
    }

    private static boolean isTimestamp(byte[] bytes, int from, int to) {
        return to - from == 9
                && bytes[from] == 't'
                && bytes[from + 1] == 'i'
                && bytes[from + 2] == 'm'
                && bytes[from + 3] == 'e'
                && bytes[from + 4] == 's'
                && bytes[from + 5] == 't'
                && bytes[from + 6] == 'a'
                && bytes[from + 7] == 'm'
                && bytes[from + 8] == 'p';
    }

    private static boolean isOfNumber(byte b) {
        return (b >= '0' && b <= '9') || b == '.' || b == '-' || b == '+' || (b | 0x20) == 'e';
    }
}
