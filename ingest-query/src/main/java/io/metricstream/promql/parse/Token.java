package io.metricstream.promql.parse;

import io.metricstream.promql.text.GoText;

/**
 * One word of a query.
 *
 * @param text as it stands in the query
 */
record Token(TokenType type, String text, Position position) {
    private static final int SHOWN = 10;

    /** As errors tell of it. */
    String description() {
        if (type == TokenType.END) {
            return type.text();
        }
        return switch (type.group()) {
            case NAMED -> type.text() + " " + shown();
            case SIGN -> shown();
            case OPERATOR -> "<op:" + text + ">";
            case AGGREGATOR -> "<aggr:" + text + ">";
            case KEYWORD -> "<" + text + ">";
        };
    }

    private String shown() {
        boolean name = type == TokenType.IDENTIFIER || type == TokenType.METRIC_IDENTIFIER;
        int length = text.codePointCount(0, text.length());
        return name || length <= SHOWN
                ? GoText.quote(text)
                : GoText.quote(text.substring(0, text.offsetByCodePoints(0, SHOWN))) + "...";
    }
}
