package io.metricstream.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The id by which a client and an operator speak of the same request. Stateless. */
final class RequestIds {
    static final AsciiString HEADER = AsciiString.cached("x-request-id");
    private static final int MAX_CHARS = 128;

    private RequestIds() {}

    /** The client's id; null where there is none, or one that is not fit for a header and a log line. */
    static @Nullable String ofClient(HttpHeaders headers) {
        String id = headers.get(HEADER);
        if (id == null || id.isEmpty() || id.length() > MAX_CHARS) {
            return null;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c > 0x7e || !(Character.isLetterOrDigit(c) || "-_.:/+=@".indexOf(c) >= 0)) {
                return null;
            }
        }
        return id;
    }

    static String make() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
