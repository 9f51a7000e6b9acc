package io.metricstream.http;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the decoder does not check of a request's framing. Every refusal made here closes the connection, because what
 * follows on it cannot be told apart from the request (RFC 9112 sections 3.2 and 6.3). Stateless.
 */
final class Strictness {
    private Strictness() {}

    static @Nullable Refusal check(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return undecodable(request.decoderResult().cause());
        }
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1) {
            return Refusal.of(505, "bad_http", "found " + version + ", wanted HTTP/1.1");
        }
        HttpHeaders headers = request.headers();
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && version.minorVersion() > 0)) {
            return Refusal.of(400, "bad_http", "found " + hosts.size() + " Host headers, wanted exactly one");
        }
        if (hosts.size() == 1 && !isHost(hosts.get(0))) {
            return Refusal.of(400, "bad_http", "the Host header is not a host with an optional port");
        }
        if (request.method().equals(HttpMethod.GET) && isOldWebSocket(headers)) {
            return Refusal.of(400, "bad_http", "Sec-WebSocket-Key1 and -Key2 announce a body without its length");
        }
        return transferEncoding(headers, version);
    }

    /** The draft before RFC 6455; Netty takes the eight bytes that follow for its body, and no proxy does. */
    private static boolean isOldWebSocket(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
                && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2);
    }

    private static @Nullable Refusal transferEncoding(HttpHeaders headers, HttpVersion version) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return null;
        }
        if (version.minorVersion() == 0) {
            return Refusal.of(400, "bad_http", "Transfer-Encoding in an HTTP/1.0 request");
        }
        if (codings.size() > 1 || !codings.get(0).trim().equalsIgnoreCase("chunked")) {
            return Refusal.of(400, "bad_http", "found Transfer-Encoding " + codings + ", wanted chunked alone");
        }
        if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return Refusal.of(400, "bad_http", "both Content-Length and Transfer-Encoding");
        }
        return null;
    }

    /** A head that could not be read. */
    static Refusal undecodable(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Refusal.of(414, "uri_too_long", "the request line is longer than http.max-request-line");
        }
        if (cause instanceof TooLongFrameException) {
            return headersTooLarge();
        }
        return Refusal.of(400, "bad_http", "not an HTTP/1.1 request" + why(cause));
    }

    /** A body whose chunks or trailers could not be read. */
    static Refusal undecodableBody(@Nullable Throwable cause) {
        return cause instanceof TooLongHttpHeaderException
                ? headersTooLarge()
                : Refusal.of(400, "bad_http", "not a chunked body" + why(cause));
    }

    private static Refusal headersTooLarge() {
        return Refusal.of(431, "headers_too_large", "the headers are longer than http.max-headers");
    }

    private static String why(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null ? "" : ": " + Refusal.shown(cause.getMessage());
    }

    private static boolean isHost(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == ',' || c == '/' || c == '@' || c == '\\' || c == '?' || c == '#') {
                return false;
            }
        }
        return true;
    }
}
