package io.metricstream.parse;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/** What is wrong with a body or a line as a whole, in words. Thread: any; stateless. */
final class Faults {
    static final String EMPTY = "the body is empty, wanted a JSON object";
    static final String NOT_UTF8 = "found bytes that are not UTF-8";
    static final String TRAILING = "found more behind the end of the JSON value";

    /** Jackson adds where the surrounding value began, in brackets, as seen from a source that it does not show. */
    private static final String SOURCE = "[Source";

    private Faults() {}

    static String text(JacksonException e) {
        String message = e.getOriginalMessage();
        if (message == null) {
            return "not JSON";
        }
        int source = message.indexOf(SOURCE);
        int note = source < 0 ? -1 : message.lastIndexOf(" (", source);
        return note < 0 ? message : message.substring(0, note);
    }

    static String notAnObject(JsonToken token) {
        return TokenWords.found(token) + ", wanted an object with name and value";
    }

    static String tooManySamples(int limit) {
        return "found more than " + limit + " samples, wanted at most that (limits.metrics-per-request)";
    }

    static String tooMany(int limit) {
        return "metrics: found more than " + limit + ", wanted at most that (limits.metrics-per-request)";
    }
}
