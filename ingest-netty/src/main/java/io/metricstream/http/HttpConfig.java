package io.metricstream.http;

import java.time.Duration;

/**
 * Settings of the HTTP side.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 takes a free one
 * @param eventLoops threads that read, parse and answer
 * @param maxConnections connections at once; one more is answered 503 and closed
 * @param connectionAge after about this long (a tenth more or less) an answer closes its connection; 0 for never
 * @param bodyMemoryBytes what bodies under way may take together, in bytes; beyond it is 503
 * @param parseMemoryBytes what each event loop may remember of the bytes of known series
 * @param queries queries that are computed at once; a few times as many wait, further ones are answered 503
 * @param corsOrigin a regular expression for the whole origin of pages that may read answers in a browser; empty for none
 * @param limits what a request may be at most
 * @param timeouts how long a connection may take
 */
public record HttpConfig(
        String host,
        int port,
        int eventLoops,
        int maxConnections,
        Duration connectionAge,
        long bodyMemoryBytes,
        long parseMemoryBytes,
        int queries,
        String corsOrigin,
        HttpLimits limits,
        HttpTimeouts timeouts) {
    /** One refused connection beside so many others may still be open until its client has read the answer. */
    private static final int CONNECTIONS_PER_REFUSED = 16;

    public static final int MAX_EVENT_LOOPS = 256;

    public HttpConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("http.port: found " + port + ", wanted 0 to 65535");
        }
        if (eventLoops < 1 || eventLoops > MAX_EVENT_LOOPS) {
            throw new IllegalArgumentException(
                    "http.event-loops: found " + eventLoops + ", wanted 1 to " + MAX_EVENT_LOOPS);
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("http.max-connections: found " + maxConnections + ", wanted at least 1");
        }
        if (queries < 1) {
            throw new IllegalArgumentException("query.max-concurrent: found " + queries + ", wanted at least 1");
        }
        if (connectionAge.isNegative()) {
            throw new IllegalArgumentException(
                    "http.max-connection-age: found " + connectionAge + ", wanted 0 or more");
        }
        if (bodyMemoryBytes < limits.bodyBytes()) {
            throw new IllegalArgumentException("http.body-memory: found " + bodyMemoryBytes
                    + ", wanted at least http.max-body, which is " + limits.bodyBytes());
        }
    }

    /** How many refused connections may be open at once, beside {@link #maxConnections}. */
    int maxLingering() {
        return Math.max(1, maxConnections / CONNECTIONS_PER_REFUSED);
    }
}
