package io.metricstream.http;

import io.metricstream.parse.ParseReport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;

/**
 * A response before it is laid out as bytes: status, body and further header lines.
 *
 * <p>Thread: built anywhere, encoded on an event loop.
 */
final class Answer {
    static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String CHALLENGES = "Bearer realm=\"metricstream\", Basic realm=\"metricstream\"";
    private static final byte[] NO_BODY = new byte[0];
    private static final JsonFactory JSON_FACTORY = new JsonFactory();

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final List<String> headers = new ArrayList<>(4);

    private Answer(int status, String contentType, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
    }

    static Answer json(int status, String json) {
        return new Answer(status, JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    static Answer of(int status, String contentType, byte[] body) {
        return new Answer(status, contentType, body);
    }

    static Answer empty(int status) {
        return new Answer(status, TEXT, NO_BODY);
    }

    static Answer refusal(Refusal refusal) {
        Answer answer = json(refusal.status(), write(json -> {
            json.writeStringProperty("error", refusal.message());
            json.writeStringProperty("code", refusal.code());
        }));
        return answer.refusalHeaders(refusal);
    }

    /** What a client is to know of a refusal before it looks at the body. */
    Answer refusalHeaders(Refusal refusal) {
        if (refusal.retryAfterSeconds() > 0) {
            header("retry-after", String.valueOf(refusal.retryAfterSeconds()));
        }
        if (refusal.status() == 401) {
            header("www-authenticate", CHALLENGES);
        }
        return this;
    }

    /** A body that is no request at all: where it went wrong, if that is one place. */
    static Answer malformed(ParseReport report) {
        return json(400, write(json -> {
            json.writeStringProperty("error", report.message());
            json.writeStringProperty("code", String.valueOf(report.malformedCode()));
            if (report.line() > 0) {
                json.writeNumberProperty("line", report.line());
                json.writeNumberProperty("column", report.column());
            }
        }));
    }

    /** Some or all metrics of a request were refused. */
    static Answer rejects(ParseReport report, int accepted) {
        int rejected = report.received() - accepted;
        return json(400, write(json -> {
            json.writeStringProperty(
                    "error",
                    report.rejected() == rejected
                            ? rejected + " of " + report.received() + " metrics were rejected"
                            : "all or nothing was asked for, and " + report.rejected() + " of " + report.received()
                                    + " metrics were rejected");
            json.writeStringProperty("code", "invalid_samples");
            json.writeNumberProperty("accepted", accepted);
            json.writeNumberProperty("rejected", rejected);
            json.writeArrayPropertyStart("errors");
            for (int i = 0; i < report.errorCount(); i++) {
                json.writeStartObject();
                json.writeNumberProperty("index", report.errorIndex(i));
                json.writeStringProperty("field", report.errorField(i));
                json.writeStringProperty("reason", report.errorReason(i));
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }

    Answer header(String name, String value) {
        headers.add(name + ": " + value + "\r\n");
        return this;
    }

    /** Adds header lines, each with its end. */
    Answer lines(String lines) {
        headers.add(lines);
        return this;
    }

    int status() {
        return status;
    }

    /** Lays out the head of a response whose body follows, in chunks or up to the end of the connection. */
    ByteBuf encodeHead(ByteBufAllocator allocator, boolean chunked, @Nullable String connection) {
        StringBuilder text =
                statusLine().append("content-type: ").append(contentType).append("\r\n");
        if (chunked) {
            text.append("transfer-encoding: chunked\r\n");
        }
        endHead(text, connection);
        ByteBuf out = allocator.directBuffer(text.length());
        ByteBufUtil.writeAscii(out, text);
        return out;
    }

    /** Lays the response out; with {@code head} without its body. */
    ByteBuf encode(ByteBufAllocator allocator, boolean head, @Nullable String connection) {
        StringBuilder text = statusLine();
        if (status != 204 && status != 304) {
            text.append("content-type: ").append(contentType).append("\r\n");
            text.append("content-length: ").append(body.length).append("\r\n");
        }
        endHead(text, connection);
        ByteBuf out = allocator.directBuffer(text.length() + body.length);
        ByteBufUtil.writeAscii(out, text);
        if (!head) {
            out.writeBytes(body);
        }
        return out;
    }

    private StringBuilder statusLine() {
        return new StringBuilder(160)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(HttpResponseStatus.valueOf(status).reasonPhrase())
                .append("\r\n");
    }

    private void endHead(StringBuilder text, @Nullable String connection) {
        headers.forEach(text::append);
        if (connection != null) {
            text.append("connection: ").append(connection).append("\r\n");
        }
        text.append("\r\n");
    }

    /** Writes the members of a JSON object. */
    interface Members {
        void write(JsonGenerator json);
    }

    /** A JSON object with these members. */
    static String write(Members members) {
        var out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON_FACTORY.createGenerator(tools.jackson.core.ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
