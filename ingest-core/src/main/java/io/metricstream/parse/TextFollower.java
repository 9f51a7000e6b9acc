package io.metricstream.parse;

import io.metricstream.model.SampleBatch;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Goes through a body from one remembered text to the next, and learns texts from what Jackson accepted.
 *
 * <p>A client sends its series in the same order again and again, so the text that followed last time is compared
 * first; where that is not it, the object is scanned and its text looked up.
 *
 * <p>Thread: one event loop. Order: {@link #open} for each body; {@link #addTo} after a {@link #follow} that recognised
 * something, {@link #learn} after one that did not.
 */
@OwnedBy(Role.EVENT_LOOP)
final class TextFollower {
    /** The object is not recognised. */
    static final int NONE = RememberedTexts.NONE;

    private static final byte[] NO_BODY = new byte[0];

    private final RememberedTexts texts;
    private final TextMatcher matcher;
    private final ObjectScanner scanner = new ObjectScanner();
    private final NumberReader numbers = new NumberReader();

    private byte[] body = NO_BODY;
    private int end;
    private ParseTrail trail = new ParseTrail();
    /** The text of the object before, and that of the object recognised last. */
    private int before;

    private int text;

    TextFollower(TimeWindow window, long memoryBytes) {
        texts = new RememberedTexts(memoryBytes);
        matcher = new TextMatcher(texts, window);
    }

    void open(@Borrowed byte[] bytes, int limit, ParseTrail ofConnection) {
        texts.settle();
        body = bytes;
        end = limit;
        trail = ofConnection;
        before = NONE;
        matcher.open(bytes, limit);
    }

    /** Lets go of the body. */
    void close() {
        body = NO_BODY;
        matcher.open(NO_BODY, 0);
    }

    /** The refs that texts were learned with mean nothing any more. */
    void forget() {
        texts.forget();
    }

    boolean isEmpty() {
        return texts.count() == 0;
    }

    /** Recognises the object at {@code at}; returns the index behind it, or {@link #NONE}. */
    int follow(int at) {
        text = before == NONE ? firstGuess() : texts.after(before);
        int behind = text == NONE ? NONE : matcher.match(text, at);
        if (behind == NONE) {
            behind = lookUp(at);
        }
        return behind;
    }

    /** Whether the object recognised spans several lines. */
    boolean spansLines() {
        return texts.spansLines(text);
    }

    /** Adds the sample of the object recognised. */
    void addTo(SampleBatch into) {
        into.add(matcher.ref(), matcher.timestampMillis(), matcher.value());
        texts.use(text);
        step(text);
    }

    /** The index behind the object that begins at {@code at} in a body that Jackson accepted, or {@link #NONE}. */
    int endOf(int at) {
        return scanner.scan(body, at, end) ? scanner.end() : NONE;
    }

    /**
     * Learns the object between the two indexes, which Jackson read and of which it made the given sample.
     *
     * @return false where there is nothing to be learned
     */
    boolean learn(int at, int behind, SampleBatch from, int sample) {
        int ref = from.refs()[sample];
        if (ref < 0
                || !texts.learns(ref)
                || !scanner.scan(body, at, behind)
                || !scanner.isPlain()
                || scanner.end() != behind
                || !readsTheSame(from.values()[sample], from.timestampsMillis()[sample])) {
            return false;
        }
        int learned = texts.learn(body, at, scanner, ref);
        if (learned != NONE) {
            step(learned);
        }
        return learned != NONE;
    }

    private int firstGuess() {
        int first = trail.first();
        return first < texts.count() ? first : NONE;
    }

    private int lookUp(int at) {
        text = scanner.scan(body, at, end) && scanner.isPlain() ? texts.find(body, at, scanner) : NONE;
        if (text == NONE) {
            texts.missed();
            return NONE;
        }
        return matcher.match(text, at);
    }

    private void step(int to) {
        if (before == NONE) {
            trail.first(to);
        } else {
            texts.follows(to, before);
        }
        before = to;
    }

    /** Whether the numbers that the scanner found are those that Jackson read. */
    private boolean readsTheSame(double value, long timestampMillis) {
        boolean timeFirst = scanner.isTimestampFirst();
        int valueFrom = timeFirst ? scanner.secondStart() : scanner.firstStart();
        int valueTo = timeFirst ? scanner.secondEnd() : scanner.firstEnd();
        if (numbers.readDouble(body, valueFrom, valueTo) != valueTo
                || Double.doubleToRawLongBits(numbers.value()) != Double.doubleToRawLongBits(value)) {
            return false;
        }
        if (!scanner.hasTimestamp()) {
            return true;
        }
        int timeFrom = timeFirst ? scanner.firstStart() : scanner.secondStart();
        int timeTo = timeFirst ? scanner.firstEnd() : scanner.secondEnd();
        return numbers.readInteger(body, timeFrom, timeTo) == timeTo && numbers.integer() == timestampMillis;
    }
}
