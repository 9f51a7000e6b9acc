package io.metricstream.parse;

import io.metricstream.own.Borrowed;

/**
 * The plain shape of a request around its metrics: an object whose only field is the list. What has another shape is
 * for Jackson to read. Thread: any; stateless.
 */
final class RequestShape {
    /** It is another shape. */
    static final int OTHER = -1;

    private static final byte[] LIST_NAME = {'"', 'm', 'e', 't', 'r', 'i', 'c', 's', '"'};

    private RequestShape() {}

    /** The index of the first metric, which begins with a brace. */
    static int listStart(@Borrowed byte[] body, int offset, int end) {
        int at = skip(body, skipBlank(body, offset, end), end, '{');
        if (at == OTHER || end - at < LIST_NAME.length) {
            return OTHER;
        }
        for (int i = 0; i < LIST_NAME.length; i++) {
            if (body[at + i] != LIST_NAME[i]) {
                return OTHER;
            }
        }
        at = skip(body, skipBlank(body, at + LIST_NAME.length, end), end, ':');
        at = at == OTHER ? OTHER : skip(body, at, end, '[');
        return at == OTHER || at == end || body[at] != '{' ? OTHER : at;
    }

    /** The index of the comma or bracket behind a metric. */
    static int afterMetric(@Borrowed byte[] body, int behind, int end) {
        int at = skipBlank(body, behind, end);
        return at < end && (body[at] == ',' || body[at] == ']') ? at : OTHER;
    }

    /** Whether behind the bracket at {@code at} there is nothing but the end of the request. */
    static boolean endsAfterList(@Borrowed byte[] body, int at, int end) {
        return skip(body, skipBlank(body, at + 1, end), end, '}') == end;
    }

    static int skipBlank(@Borrowed byte[] body, int from, int end) {
        int at = from;
        while (at < end && isBlank(body[at])) {
            at++;
        }
        return at;
    }

    /** The index behind the character wanted and blanks. */
    private static int skip(byte[] body, int at, int end, char wanted) {
        return at < end && body[at] == wanted ? skipBlank(body, at + 1, end) : OTHER;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
