package io.metricstream.http;

import com.google.re2j.Pattern;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Which servers' pages may read answers in a browser, and the header lines that let it (the CORS protocol of the Fetch
 * standard). Credentials that a browser adds by itself are never among what is allowed. Immutable.
 */
final class CrossOrigin {
    private static final String ANY = ".*";
    private static final String VARY = "vary: origin\r\n";
    private static final String EXPOSED = "access-control-expose-headers: Date, RateLimit-Limit, RateLimit-Remaining,"
            + " RateLimit-Reset, Retry-After, X-Error-Code, X-Request-Id\r\n";
    private static final String TAKEN = "Accept, Authorization, Content-Encoding, Content-Type, Origin, X-Request-Id";
    /** How long a browser need not ask again. */
    private static final String REMEMBERED_SECONDS = "600";

    private final String regex;
    private final Pattern allowed;

    /** @param regex what all of an origin must match, in time that grows with its length only; empty for no origin */
    CrossOrigin(String regex) {
        this.regex = regex;
        this.allowed = Pattern.compile(regex);
    }

    /** The lines of each answer to a request with these headers, each with its end; empty where there is nothing to say. */
    String lines(HttpHeaders headers) {
        if (regex.isEmpty()) {
            return "";
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (regex.equals(ANY)) {
            return origin == null ? "" : allow("*");
        }
        // Without an origin, too: a cache must not give the answer to a page that wants the lines.
        return origin == null || !allowed.matches(origin) ? VARY : VARY + allow(origin);
    }

    private static String allow(String origin) {
        return "access-control-allow-origin: " + origin + "\r\n" + EXPOSED;
    }

    /** Says in the answer to OPTIONS what a page may send, where a browser asks for that. */
    static void answerPreflight(HttpHeaders headers, String methods, Answer answer) {
        if (headers.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)) {
            answer.header("access-control-allow-methods", methods)
                    .header("access-control-allow-headers", TAKEN)
                    .header("access-control-max-age", REMEMBERED_SECONDS);
        }
    }
}
