package io.metricstream.http;

import java.time.Duration;

/**
 * How long a connection may take.
 *
 * @param idle between requests, and for a client to take an answer
 * @param header from the first byte of a request to the end of its headers
 * @param body from the end of the headers to the end of the body
 * @param answer for a client to take an answer that comes in pieces, from the first to the last
 */
public record HttpTimeouts(Duration idle, Duration header, Duration body, Duration answer) {
    public static final HttpTimeouts DEFAULT = new HttpTimeouts(
            Duration.ofMinutes(2), Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(5));

    public HttpTimeouts {
        require("http.idle-timeout", idle);
        require("http.header-timeout", header);
        require("http.body-timeout", body);
        require("http.answer-timeout", answer);
    }

    private static void require(String key, Duration found) {
        if (found.toMillis() < 1) {
            throw new IllegalArgumentException(key + ": found " + found + ", wanted at least 1 ms");
        }
    }
}
