package io.metricstream.http;

import io.metricstream.parse.BodyFormat;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the head of a write says, apart from the length of its body.
 *
 * @param authorization the header as it came
 * @param wantsContinue whether the client waits for leave to send the body
 * @param fault why no body can follow this head; null where one can
 */
record WriteHead(
        @Nullable String authorization,
        BodyFormat format,
        BodyKind.Encoding encoding,
        boolean allOrNothing,
        boolean wantsContinue,
        @Nullable Refusal fault) {
    static WriteHead of(HttpRequest request, Route route) {
        HttpHeaders headers = request.headers();
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        BodyFormat format = BodyKind.format(route, headers);
        if (format == null) {
            return faulty(authorization, unsupportedType(route, headers));
        }
        BodyKind.Encoding encoding = BodyKind.encoding(route, headers);
        if (encoding == null) {
            return faulty(authorization, unsupportedEncoding(route, headers));
        }
        String expect = headers.get(HttpHeaderNames.EXPECT);
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            return faulty(
                    authorization,
                    Refusal.of(
                            417,
                            "expectation_failed",
                            "found Expect " + Refusal.shown(expect) + ", wanted 100-continue"));
        }
        boolean allOrNothing;
        try {
            allOrNothing = route == Route.WRITE ? allOrNothing(request.uri()) : noParameters(request.uri());
        } catch (IllegalArgumentException e) {
            return faulty(authorization, Refusal.of(400, "invalid_parameter", String.valueOf(e.getMessage())));
        }
        return new WriteHead(
                authorization, format, encoding, allOrNothing, HttpUtil.is100ContinueExpected(request), null);
    }

    private static WriteHead faulty(@Nullable String authorization, Refusal fault) {
        return new WriteHead(authorization, BodyFormat.JSON, BodyKind.Encoding.IDENTITY, false, false, fault);
    }

    static Refusal unsupportedType(Route route, HttpHeaders headers) {
        String wanted =
                switch (route) {
                    case REMOTE_WRITE -> "application/x-protobuf, which is remote write 1.0; 2.0 is not spoken here";
                    case READ -> "application/x-protobuf, which is remote read";
                    default -> "application/json or application/x-ndjson in UTF-8";
                };
        return Refusal.of(
                415,
                "unsupported_media_type",
                "found Content-Type " + Refusal.shown(headers.get(HttpHeaderNames.CONTENT_TYPE)) + ", wanted "
                        + wanted);
    }

    static Refusal unsupportedEncoding(Route route, HttpHeaders headers) {
        return Refusal.of(
                415,
                "unsupported_encoding",
                "found Content-Encoding "
                        + Refusal.shown(String.join(" and ", headers.getAll(HttpHeaderNames.CONTENT_ENCODING)))
                        + ", wanted " + BodyKind.Encoding.allowed(route) + " or none");
    }

    /** Fails with IllegalArgumentException where there is one, as what it asks for would not be done. */
    private static boolean noParameters(String uri) {
        int query = uri.indexOf('?');
        if (query >= 0 && query + 1 < uri.length()) {
            throw new IllegalArgumentException(
                    "found " + Refusal.shown(uri.substring(query + 1)) + ", wanted no parameters");
        }
        return false;
    }

    /** Fails with IllegalArgumentException where the query or the parameter cannot be read. */
    private static boolean allOrNothing(String uri) {
        if (uri.indexOf('?') < 0) {
            return false;
        }
        List<String> partial;
        try {
            partial = new QueryStringDecoder(uri).parameters().getOrDefault("partial", List.of("true"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the query cannot be read: " + Refusal.shown(e.getMessage()), e);
        }
        String value = partial.size() == 1 ? partial.get(0) : String.join(" and ", partial);
        return switch (value) {
            case "true", "1" -> false;
            case "false", "0" -> true;
            default ->
                throw new IllegalArgumentException("partial: found " + Refusal.shown(value) + ", wanted true or false");
        };
    }
}
