package io.metricstream.http;

import io.metricstream.parse.BodyFormat;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The formats and encodings of bodies, by the headers that announce them. Stateless. */
final class BodyKind {
    /** How a body is compressed. */
    enum Encoding {
        IDENTITY,
        GZIP,
        ZSTD,
        /** Snappy's block format. */
        SNAPPY;

        /** The words for those that bodies of a route may have, in the header that tells them. */
        static String allowed(Route route) {
            return isSnappy(route) ? "snappy" : "gzip, zstd";
        }
    }

    /** The type of messages of remote write and remote read. */
    static final String PROTOBUF = "application/x-protobuf";

    private static final String WRITE_MESSAGE = "prometheus.WriteRequest";
    private static final String READ_MESSAGE = "prometheus.ReadRequest";

    private BodyKind() {}

    private static boolean isSnappy(Route route) {
        return route == Route.REMOTE_WRITE || route == Route.READ;
    }

    /** The format of the body of a route; null where it is none of ours. */
    static @Nullable BodyFormat format(Route route, HttpHeaders headers) {
        return switch (route) {
            // Who imports says any type or none, as VictoriaMetrics does not ask for one.
            case IMPORT -> BodyFormat.NDJSON;
            case REMOTE_WRITE -> isMessage(WRITE_MESSAGE, headers) ? BodyFormat.REMOTE_WRITE : null;
            default -> format(headers);
        };
    }

    /** Whether a body is a message of remote read. */
    static boolean isReadRequest(HttpHeaders headers) {
        return isMessage(READ_MESSAGE, headers);
    }

    /** Whether a body is such a message, which it also is where nothing is said about it. */
    private static boolean isMessage(String message, HttpHeaders headers) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        if (type == null) {
            return true;
        }
        String[] parts = type.split(";", -1);
        if (!parts[0].trim().equalsIgnoreCase(PROTOBUF)) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim();
            if (parameter.startsWith("proto=") && !parameter.equals("proto=" + message)) {
                return false;
            }
        }
        return true;
    }

    /** The encoding of the body of a route; null where it is none that the route takes. */
    static @Nullable Encoding encoding(Route route, HttpHeaders headers) {
        if (!isSnappy(route)) {
            return encoding(headers);
        }
        // What says nothing of its encoding is in the one that there is.
        List<String> encodings = headers.getAll(HttpHeaderNames.CONTENT_ENCODING);
        boolean snappy = encodings.isEmpty()
                || (encodings.size() == 1 && encodings.get(0).trim().equalsIgnoreCase("snappy"));
        return snappy ? Encoding.SNAPPY : null;
    }

    /**
     * The format of a body; null where it is none of ours. No type at all means JSON, and so does the type of forms,
     * which curl sends with {@code -d} unless told otherwise.
     */
    private static @Nullable BodyFormat format(HttpHeaders headers) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        if (type == null || type.equals("application/json")) {
            return BodyFormat.JSON;
        }
        int semicolon = type.indexOf(';');
        String bare =
                (semicolon < 0 ? type : type.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
        if (semicolon >= 0 && !isUtf8(type.substring(semicolon + 1))) {
            return null;
        }
        return switch (bare) {
            case "application/json", "application/x-www-form-urlencoded" -> BodyFormat.JSON;
            case "application/x-ndjson" -> BodyFormat.NDJSON;
            default -> null;
        };
    }

    /** Whether a body holds parameters as a query does. */
    static boolean isForm(HttpHeaders headers) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        return type != null
                && type.trim().toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")
                && encoding(headers) == Encoding.IDENTITY;
    }

    private static boolean isUtf8(String parameters) {
        String charset = parameters.trim().toLowerCase(Locale.ROOT).replace("\"", "");
        return !charset.startsWith("charset=") || charset.equals("charset=utf-8") || charset.equals("charset=utf8");
    }

    /** The encoding of a body; null where it is none of ours. */
    private static @Nullable Encoding encoding(HttpHeaders headers) {
        List<String> encodings = headers.getAll(HttpHeaderNames.CONTENT_ENCODING);
        if (encodings.isEmpty()) {
            return Encoding.IDENTITY;
        }
        if (encodings.size() > 1) {
            return null;
        }
        return switch (encodings.get(0).trim().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> Encoding.IDENTITY;
            case "gzip", "x-gzip" -> Encoding.GZIP;
            case "zstd" -> Encoding.ZSTD;
            default -> null;
        };
    }
}
