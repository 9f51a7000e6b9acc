package io.metricstream.http;

import io.metricstream.limit.Client;
import io.metricstream.limit.RateDecision;
import io.metricstream.own.ThreadSafe;
import io.metricstream.parse.BodyFormat;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What to do with a request, decided from its head alone: answer it, refuse it, or have its body collected. The order is
 * route, sender, limit, framing of the body, state of the server.
 */
@ThreadSafe("immutable; what it calls is thread-safe or belongs to the connection")
final class Dispatch {
    private final HttpServices services;
    private final HttpConfig config;
    private final InfoPages pages;
    private final Executor slowPages;

    Dispatch(HttpServices services, HttpConfig config, InfoPages pages, Executor slowPages) {
        this.services = services;
        this.config = config;
        this.pages = pages;
        this.slowPages = slowPages;
    }

    void onHead(Exchange exchange, HttpRequest request, WriteIntake intake) {
        exchange.route = Route.find(request.method(), exchange.path);
        switch (exchange.route) {
            case NONE -> refusePath(exchange);
            case OPTIONS ->
                exchange.connection.answer(
                        exchange, Answer.empty(204).header("allow", String.valueOf(Route.allowed(exchange.path))));
            case HEALTH -> exchange.connection.answer(exchange, pages.health());
            case READY -> exchange.connection.answerError(exchange, pages.ready(), "not ready");
            case STATS -> stats(exchange, request);
            case WRITE -> write(exchange, request, intake);
        }
    }

    private static void refusePath(Exchange exchange) {
        String allow = Route.allowed(exchange.path);
        Refusal refusal = allow == null
                ? Refusal.of(404, "not_found", "nothing is served at this path")
                : Refusal.of(405, "method_not_allowed", "wanted one of " + allow);
        Answer answer = Answer.refusal(refusal);
        if (allow != null) {
            answer.header("allow", allow);
        }
        exchange.connection.answerError(exchange, answer, refusal.message());
    }

    private void stats(Exchange exchange, HttpRequest request) {
        Refusal refusal = exchange.connection.gate().check(request.headers(), Connection.roleOf(exchange.route));
        if (refusal != null) {
            exchange.connection.refuse(exchange, refusal);
            return;
        }
        StatsFormat format = StatsFormat.of(request.headers().getAll(HttpHeaderNames.ACCEPT));
        if (format == StatsFormat.JSON) {
            exchange.connection.answer(
                    exchange, pages.json(exchange.connection.gate().name(), exchange.connection.now()));
            return;
        }
        try {
            slowPages.execute(() -> scrape(exchange, format));
        } catch (RejectedExecutionException tooMany) {
            exchange.connection.refuse(exchange, Refusal.unavailable("busy", "too many scrapes at once", 1));
        }
    }

    /** Runs on the thread of the slow pages. */
    private void scrape(Exchange exchange, StatsFormat format) {
        try {
            Answer answer = pages.scrape(format);
            exchange.connection.onOwnLoop(() -> exchange.connection.answer(exchange, answer));
        } catch (RuntimeException bug) {
            exchange.connection.onOwnLoop(() -> exchange.connection.onBug(exchange, bug));
        }
    }

    private void write(Exchange exchange, HttpRequest request, WriteIntake intake) {
        Connection connection = exchange.connection;
        Refusal refusal = connection.gate().check(request.headers(), Connection.roleOf(exchange.route));
        if (refusal != null) {
            connection.refuse(exchange, refusal);
            return;
        }
        long length = HttpUtil.isTransferEncodingChunked(request) ? -1 : HttpUtil.getContentLength(request, 0L);
        long nowNanos = connection.now();
        Client client = connection.gate().client(nowNanos);
        RateDecision decision = client.tryRequest(nowNanos, Math.max(0, length));
        if (!decision.allowed()) {
            connection.refuseRate(exchange, client, decision, decision == RateDecision.REQUESTS_SPENT ? 1 : length);
            return;
        }
        BodyFormat format = BodyKind.format(request.headers());
        BodyKind.Encoding encoding = BodyKind.encoding(request.headers());
        refusal = checkBody(request, format, encoding, length);
        if (refusal == null) {
            refusal = readQuery(exchange, request.uri());
        }
        if (refusal == null) {
            refusal = services.admission().check();
        }
        if (refusal != null || format == null || encoding == null) {
            connection.refuse(exchange, refusal == null ? unsupportedType(request) : refusal);
            return;
        }
        exchange.wantsContinue = HttpUtil.is100ContinueExpected(request);
        intake.collect(exchange, client, format, encoding, length >= 0);
    }

    private @Nullable Refusal checkBody(
            HttpRequest request, @Nullable BodyFormat format, BodyKind.@Nullable Encoding encoding, long length) {
        if (format == null) {
            return unsupportedType(request);
        }
        if (encoding == null) {
            return Refusal.of(
                    415,
                    "unsupported_encoding",
                    "found Content-Encoding "
                            + Refusal.shown(
                                    String.join(" and ", request.headers().getAll(HttpHeaderNames.CONTENT_ENCODING)))
                            + ", wanted gzip, zstd or none");
        }
        if (length > config.limits().bodyBytes()) {
            return Refusal.of(
                    413,
                    "body_too_large",
                    "found Content-Length " + length + ", wanted at most "
                            + config.limits().bodyBytes() + " (http.max-body)");
        }
        String expect = request.headers().get(HttpHeaderNames.EXPECT);
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            return Refusal.of(
                    417, "expectation_failed", "found Expect " + Refusal.shown(expect) + ", wanted 100-continue");
        }
        return null;
    }

    private static Refusal unsupportedType(HttpRequest request) {
        return Refusal.of(
                415,
                "unsupported_media_type",
                "found Content-Type " + Refusal.shown(request.headers().get(HttpHeaderNames.CONTENT_TYPE))
                        + ", wanted application/json or application/x-ndjson in UTF-8");
    }

    private static @Nullable Refusal readQuery(Exchange exchange, String uri) {
        if (uri.indexOf('?') < 0) {
            return null;
        }
        List<String> partial;
        try {
            partial = new QueryStringDecoder(uri).parameters().getOrDefault("partial", List.of("true"));
        } catch (IllegalArgumentException e) {
            return Refusal.of(400, "invalid_parameter", "the query cannot be read: " + Refusal.shown(e.getMessage()));
        }
        String value = partial.size() == 1 ? partial.get(0) : String.join(" and ", partial);
        switch (value) {
            case "true", "1" -> exchange.allOrNothing = false;
            case "false", "0" -> exchange.allOrNothing = true;
            default -> {
                return Refusal.of(
                        400, "invalid_parameter", "partial: found " + Refusal.shown(value) + ", wanted true or false");
            }
        }
        return null;
    }
}
