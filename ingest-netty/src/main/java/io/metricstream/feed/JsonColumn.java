package io.metricstream.feed;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import io.metricstream.model.SpecialValues;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;

/** Values or times of a line of JSON, each as the bits of a double or as milliseconds. */
@OwnedBy(Role.MAIN)
final class JsonColumn {
    private static final String NUMBER = "a number, null, \"NaN\", \"Infinity\" or \"-Infinity\"";
    private static final String MILLIS = "an integer number of milliseconds since 1970";

    private long[] items = new long[1];
    private int count;

    /** Reads one item, whose token the parser stands on. */
    private interface Item {
        long read(String field, JsonParser in, JsonToken token) throws BadLineException;
    }

    static JsonColumn ofValues(JsonParser in, @Nullable JsonToken token) throws BadLineException {
        return array("values", in, token, JsonColumn::value);
    }

    static JsonColumn ofTimes(JsonParser in, @Nullable JsonToken token) throws BadLineException {
        return array("timestamps", in, token, JsonColumn::millis);
    }

    static JsonColumn ofOneValue(JsonParser in, JsonToken token) throws BadLineException {
        return of(value("value", in, token));
    }

    /** Null where there is null. */
    static @Nullable JsonColumn ofOneTime(JsonParser in, JsonToken token) throws BadLineException {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        return of(
                token == JsonToken.VALUE_STRING
                        ? Texts.time("timestamp", in.getString())
                        : millis("timestamp", in, token));
    }

    static JsonColumn ofTime(long millis) {
        return of(millis);
    }

    private static JsonColumn of(long item) {
        var column = new JsonColumn();
        column.add(item);
        return column;
    }

    private static JsonColumn array(String field, JsonParser in, @Nullable JsonToken token, Item item)
            throws BadLineException {
        if (token != JsonToken.START_ARRAY) {
            throw BadLineException.found(field, kind(token), "an array");
        }
        var column = new JsonColumn();
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
            column.add(item.read(field + "[" + column.count + "]", in, next));
        }
        return column;
    }

    private void add(long item) {
        if (count == items.length) {
            items = Arrays.copyOf(items, Math.max(64, count * 2));
        }
        items[count++] = item;
    }

    int count() {
        return count;
    }

    long time(int index) {
        return items[index];
    }

    double value(int index) {
        return Double.longBitsToDouble(items[index]);
    }

    private static long value(String field, JsonParser in, JsonToken token) throws BadLineException {
        return Double.doubleToRawLongBits(
                switch (token) {
                    case VALUE_NULL -> SpecialValues.STALE;
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> finite(field, in.getString());
                    case VALUE_STRING -> {
                        if (!SpecialValues.isOne(in.getString())) {
                            throw BadLineException.found(field, Texts.shown(in.getString()), NUMBER);
                        }
                        yield SpecialValues.parse(in.getString());
                    }
                    default -> throw BadLineException.found(field, kind(token), NUMBER);
                });
    }

    private static double finite(String field, String number) throws BadLineException {
        double value = JavaDoubleParser.parseDouble(number);
        if (Double.isInfinite(value)) {
            throw BadLineException.found(field, Texts.shown(number), NUMBER + " that a double can hold");
        }
        return value;
    }

    private static long millis(String field, JsonParser in, JsonToken token) throws BadLineException {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw BadLineException.found(
                    field, token.isScalarValue() ? Texts.shown(in.getString()) : kind(token), MILLIS);
        }
        try {
            return in.getLongValue();
        } catch (InputCoercionException tooLarge) {
            throw BadLineException.found(field, Texts.shown(in.getString()), MILLIS);
        }
    }

    /** What a token begins, for messages. */
    static String kind(@Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case VALUE_NULL -> "null";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            default -> token.toString();
        };
    }
}
