package io.metricstream.rules.template;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The places of an expression on a page, below the server's address, as Prometheus has them. Stateless. */
public final class ExpressionLinks {
    private ExpressionLinks() {}

    /** What the expression is now. */
    public static String table(String expression) {
        return link(expression, 1);
    }

    static String graph(String expression) {
        return link(expression, 0);
    }

    /** A text as a part of a query string, as Go escapes it, which is not quite as Java does. */
    static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String link(String expression, int tab) {
        return "/graph?g0.expr=" + escaped(expression) + "&g0.tab=" + tab;
    }
}
