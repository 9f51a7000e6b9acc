package io.metricstream.parse;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What stands in a body, in the words of a refusal. Thread: any; stateless. */
final class TokenWords {
    private static final int MOST_QUOTED_CHARS = 80;

    private TokenWords() {}

    static String found(JsonToken token) {
        return "found " + bare(token);
    }

    /** The same without the first word. */
    static String bare(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NULL -> "null";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            default -> token.toString();
        };
    }

    /** The current string or number itself, cut where it is long. */
    static String quoted(JsonParser in) {
        int length = in.getStringLength();
        String text = new String(in.getStringCharacters(), in.getStringOffset(), Math.min(length, MOST_QUOTED_CHARS));
        return length > MOST_QUOTED_CHARS ? text + "..." : text;
    }

    static String shortened(String text) {
        return text.length() > MOST_QUOTED_CHARS ? text.substring(0, MOST_QUOTED_CHARS) + "..." : text;
    }
}
