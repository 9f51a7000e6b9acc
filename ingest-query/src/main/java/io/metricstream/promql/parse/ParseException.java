package io.metricstream.promql.parse;

/** A text that is no expression: where, what was found and what was expected; for the client. */
public final class ParseException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Position position;

    ParseException(String query, Position position, String problem) {
        super(position.lineAndColumn(query) + ": parse error: " + problem);
        this.position = position;
    }

    public Position position() {
        return position;
    }
}
