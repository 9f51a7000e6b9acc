package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads answers from a connection, and fails on one that breaks what is promised of every answer. */
public final class AnswerReader {
    /** Programs depend on these words; taking one away or changing it breaks them. */
    static final Set<String> CODES = Set.of(
            "bad_http",
            "body_too_large",
            "busy",
            "disk_full",
            "draining",
            "expectation_failed",
            "flush_behind",
            "forbidden",
            "headers_too_large",
            "invalid_encoding",
            "invalid_json",
            "invalid_parameter",
            "invalid_request",
            "invalid_samples",
            "method_not_allowed",
            "no_segment",
            "not_found",
            "rate_limited",
            "recovering",
            "request_exceeds_limit",
            "request_timeout",
            "ring_full",
            "stalled",
            "storage_failed",
            "too_many_deletions",
            "unauthorized",
            "unsupported_encoding",
            "unsupported_media_type",
            "uri_too_long",
            "writer_failed");

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 ([1-5]\\d\\d) [A-Za-z][A-Za-z -]*");
    private static final Pattern HEADER =
            Pattern.compile("([a-z0-9-]+): ([\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?)");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.:/+=@-]{1,128}");

    private final InputStream in;

    public AnswerReader(InputStream in) {
        this.in = in;
    }

    /** The next answer, or null where the connection has ended before its first byte. */
    public HttpAnswer next() throws IOException {
        return next(false);
    }

    /** The next answer, to a HEAD request, where so: then without a body. */
    public HttpAnswer next(boolean head) throws IOException {
        String line = line();
        if (line == null) {
            return null;
        }
        Matcher status = STATUS_LINE.matcher(line);
        assertThat(status.matches()).as("status line <%s>", line).isTrue();
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (line = line(); line != null && !line.isEmpty(); line = line()) {
            Matcher header = HEADER.matcher(line);
            assertThat(header.matches()).as("header line <%s>", line).isTrue();
            headers.add(Map.entry(header.group(1).toLowerCase(Locale.ROOT), header.group(2)));
        }
        if (line == null) {
            throw new EOFException("in the headers of " + headers);
        }
        int code = Integer.parseInt(status.group(1));
        var answer = new HttpAnswer(code, headers, "");
        boolean bodiless = code < 200 || code == 204 || code == 304;
        boolean chunked = "chunked".equals(answer.header("transfer-encoding"));
        String length = answer.header("content-length");
        assertThat(length == null || !(bodiless || chunked))
                .as("Content-Length of %s", answer)
                .isTrue();
        if (!bodiless && !head) {
            String text = chunked ? chunks() : length == null ? toTheEnd(answer) : body(Integer.parseInt(length));
            answer = new HttpAnswer(code, headers, text);
            check(answer);
        }
        return answer;
    }

    private static void check(HttpAnswer answer) {
        int status = answer.status();
        if (status < 400) {
            return;
        }
        JsonNode json = answer.json();
        assertThat(answer.header("content-type")).as("%s", answer).isEqualTo("application/json");
        assertThat(json.path("error").asString("")).as("%s", answer).isNotBlank();
        assertThat(answer.code()).as("%s", answer).isIn(CODES);
        assertThat(answer.header("x-request-id")).as("%s", answer).isNotNull().matches(ID);
        assertThat(status).as("%s", answer).isNotEqualTo(500);
        assertThat(answer.header("www-authenticate") != null).as("%s", answer).isEqualTo(status == 401);
        assertThat(answer.header("allow") != null).as("%s", answer).isEqualTo(status == 405);
        assertThat(answer.header("retry-after") != null)
                .as("Retry-After of %s", answer)
                .isEqualTo(status == 429 || status == 503);
        if (status == 429 || status == 503) {
            assertThat(Integer.parseInt(answer.header("retry-after")))
                    .as("%s", answer)
                    .isBetween(1, 60);
        }
        if (status == 429) {
            for (String name : List.of("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")) {
                assertThat(Long.parseLong(answer.header(name)))
                        .as("%s of %s", name, answer)
                        .isNotNegative();
            }
        }
    }

    private String body(int length) throws IOException {
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("in a body after " + body.length + " of " + length + " bytes");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private String chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int length = chunkLength(); length > 0; length = chunkLength()) {
            body.write(in.readNBytes(length));
            assertThat(line()).as("behind a chunk").isEmpty();
        }
        assertThat(line()).as("behind the chunks").isEmpty();
        return body.toString(StandardCharsets.UTF_8);
    }

    private int chunkLength() throws IOException {
        String line = line();
        if (line == null) {
            throw new EOFException("in a body of chunks");
        }
        return Integer.parseInt(line, 16);
    }

    /** As programs that know no chunks are answered. */
    private String toTheEnd(HttpAnswer answer) throws IOException {
        assertThat(answer.closes()).as("%s has no length", answer).isTrue();
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The next line, or null where the connection has ended before it. */
    private String line() throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                int end = line.length() - 1;
                assertThat(end >= 0 && line.charAt(end) == '\r')
                        .as("CRLF behind <%s>", line)
                        .isTrue();
                return line.substring(0, end);
            }
            line.append((char) b);
        }
        if (line.length() > 0) {
            throw new EOFException("in the line <" + line + ">");
        }
        return null;
    }

    public static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
