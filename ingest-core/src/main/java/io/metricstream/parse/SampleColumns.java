package io.metricstream.parse;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import io.metricstream.model.SpecialValues;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.Transferred;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Two arrays of the same length, one of values and one of timestamps, read side by side.
 *
 * <p>Thread: one event loop. Owns: the parsers until {@link #close}. Order: {@link #open}, {@link #next} once for each
 * sample, after it the questions about it.
 */
@OwnedBy(Role.EVENT_LOOP)
final class SampleColumns {
    private static final String WANTED_VALUE = ", wanted a number, null, \"NaN\", \"Infinity\" or \"-Infinity\"";
    private static final String WANTED_TIME = ", wanted an integer number of milliseconds since 1970";

    private final TimeWindow window;
    private @Nullable JsonParser values;
    private @Nullable JsonParser times;
    private int index;

    private double value;
    private long timestampMillis;
    private @Nullable String problem;
    private String field = "";
    private RejectReason reason = RejectReason.VALUE;

    SampleColumns(TimeWindow window) {
        this.window = window;
    }

    /** Takes two parsers, each before the array that it is to read. */
    void open(@Transferred JsonParser ofValues, @Transferred JsonParser ofTimes) {
        ofValues.nextToken();
        ofTimes.nextToken();
        values = ofValues;
        times = ofTimes;
        index = 0;
    }

    /** Reads the next sample, of which there is one. */
    void next() {
        JsonParser ofValues = values;
        JsonParser ofTimes = times;
        if (ofValues == null || ofTimes == null) {
            throw new IllegalStateException("no line is open");
        }
        problem = null;
        readValue(ofValues, ofValues.nextToken());
        JsonToken time = ofTimes.nextToken();
        if (problem == null) {
            readTime(ofTimes, time);
        }
        ofValues.skipChildren();
        ofTimes.skipChildren();
        index++;
    }

    double value() {
        return value;
    }

    long timestampMillis() {
        return timestampMillis;
    }

    /** What is wrong with the sample, and at which place of the line; null where nothing is. */
    @Nullable
    String problem() {
        return problem;
    }

    String field() {
        return field;
    }

    RejectReason reason() {
        return reason;
    }

    void close() {
        if (values != null && times != null) {
            values.close();
            times.close();
            values = null;
            times = null;
        }
    }

    private void readValue(JsonParser in, JsonToken token) {
        switch (token) {
            case VALUE_NULL -> value = SpecialValues.STALE;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                value = JavaDoubleParser.parseDouble(
                        in.getStringCharacters(), in.getStringOffset(), in.getStringLength());
                if (Double.isInfinite(value)) {
                    refuse(
                            "values",
                            RejectReason.VALUE,
                            TokenWords.quoted(in),
                            WANTED_VALUE + " that a double can hold");
                }
            }
            case VALUE_STRING -> {
                String text = in.getString();
                if (SpecialValues.isOne(text)) {
                    value = SpecialValues.parse(text);
                } else {
                    refuse("values", RejectReason.VALUE, "\"" + TokenWords.quoted(in) + "\"", WANTED_VALUE);
                }
            }
            default -> refuse("values", RejectReason.VALUE, TokenWords.bare(token), WANTED_VALUE);
        }
    }

    private void readTime(JsonParser in, JsonToken token) {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            boolean scalar = token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_FLOAT;
            String found = scalar ? TokenWords.quoted(in) : TokenWords.bare(token);
            refuse("timestamps", RejectReason.TIMESTAMP, found, WANTED_TIME);
        } else if (!Integers.isLong(in.getStringCharacters(), in.getStringOffset(), in.getStringLength())) {
            refuse("timestamps", RejectReason.TIMESTAMP, TokenWords.quoted(in), WANTED_TIME);
        } else {
            long millis = Integers.toLong(in.getStringCharacters(), in.getStringOffset(), in.getStringLength());
            timestampMillis = millis;
            if (!window.admits(millis)) {
                field = "timestamps";
                reason = window.reason(millis);
                problem = "at index " + index + ": " + window.text(millis);
            }
        }
    }

    private void refuse(String of, RejectReason why, String found, String wanted) {
        field = of;
        reason = why;
        problem = "at index " + index + ": found " + found + wanted;
    }
}
