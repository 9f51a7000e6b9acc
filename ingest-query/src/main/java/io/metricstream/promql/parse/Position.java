package io.metricstream.promql.parse;

import java.nio.charset.StandardCharsets;

/**
 * Where in the text of a query something stands.
 *
 * @param start index of the first char
 * @param end index behind the last char
 */
public record Position(int start, int end) {
    /** Where something begins that stands in no text. */
    public static final Position START = new Position(0, 0);

    /** Line and column of the start, both from 1, as in {@code 1:5}; a column is one byte of UTF-8. */
    public String lineAndColumn(String query) {
        int from = Math.min(start, query.length());
        int lineStart = query.lastIndexOf('\n', from - 1) + 1;
        long line = query.substring(0, from).chars().filter(c -> c == '\n').count() + 1;
        int column = query.substring(lineStart, from).getBytes(StandardCharsets.UTF_8).length + 1;
        return line + ":" + column;
    }

    Position to(Position last) {
        return new Position(start, last.end);
    }
}
