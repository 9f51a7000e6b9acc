package io.metricstream.http;

import io.metricstream.limit.Client;
import io.metricstream.limit.RateDecision;
import io.metricstream.own.ThreadSafe;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.nio.charset.StandardCharsets;
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
    private final AdminPages adminPages;
    private final ApiPages apiPages;
    private final WebFiles webFiles;
    private final Executor slowPages;

    Dispatch(
            HttpServices services,
            HttpConfig config,
            InfoPages pages,
            AdminPages adminPages,
            ApiPages apiPages,
            WebFiles webFiles,
            Executor slowPages) {
        this.services = services;
        this.config = config;
        this.pages = pages;
        this.adminPages = adminPages;
        this.apiPages = apiPages;
        this.webFiles = webFiles;
        this.slowPages = slowPages;
    }

    void onHead(Exchange exchange, HttpRequest request, WriteIntake intake) {
        exchange.route = Route.find(request.method(), exchange.path);
        switch (exchange.route) {
            case NONE -> refusePath(exchange);
            case OPTIONS -> options(exchange, request);
            case HEALTH -> exchange.answer(pages.health());
            case READY -> ready(exchange);
            case PAGE -> webFiles.onRequest(exchange, request.headers());
            case STATS -> stats(exchange, request);
            case WRITE, IMPORT, REMOTE_WRITE -> write(exchange, request, intake);
            case DELETE_SERIES, SNAPSHOT -> withParameters(exchange, request, intake, adminPages::onRequest);
            case READ -> read(exchange, request, intake);
            default -> withParameters(exchange, request, intake, apiPages::onRequest);
        }
    }

    private static void options(Exchange exchange, HttpRequest request) {
        String methods = String.valueOf(Route.allowed(exchange.path));
        Answer answer = Answer.empty(204).header("allow", methods);
        if (!exchange.crossOrigin.isEmpty()) {
            CrossOrigin.answerPreflight(request.headers(), methods, answer);
        }
        exchange.answer(answer);
    }

    private void ready(Exchange exchange) {
        Answer answer = pages.ready();
        // Draining may have begun since the head was read; who is told of it is told to go, too.
        exchange.keepAlive &= !services.admission().draining();
        exchange.answerError(answer, "not ready");
    }

    private static void refusePath(Exchange exchange) {
        String allow = Route.allowed(exchange.path);
        Refusal refusal = allow == null
                ? Refusal.of(404, "not_found", "nothing is served at this path")
                : Refusal.of(405, "method_not_allowed", "wanted one of " + allow);
        Answer answer = exchange.refusal(refusal);
        if (allow != null) {
            answer.header("allow", allow);
        }
        exchange.answerError(answer, refusal.message());
    }

    /** Whether the sender may not do this, which it is told then. */
    private static boolean isRefused(Exchange exchange, @Nullable String authorization) {
        Refusal refusal = exchange.connection.gate().check(authorization, exchange.route.role());
        if (refusal != null) {
            exchange.refuse(refusal);
        }
        return refusal != null;
    }

    private void stats(Exchange exchange, HttpRequest request) {
        if (isRefused(exchange, request.headers().get(HttpHeaderNames.AUTHORIZATION))) {
            return;
        }
        StatsFormat format = StatsFormat.of(request.headers().getAll(HttpHeaderNames.ACCEPT));
        if (format == StatsFormat.JSON) {
            exchange.answer(pages.json(exchange.connection.gate().name(), exchange.connection.now()));
            return;
        }
        boolean gzip = GzipReply.isWanted(request.headers());
        try {
            slowPages.execute(() -> scrape(exchange, format, gzip));
        } catch (RejectedExecutionException tooMany) {
            exchange.refuse(Refusal.unavailable("busy", "too many scrapes at once", 1));
        }
    }

    /** Runs on the thread of the slow pages. */
    private void scrape(Exchange exchange, StatsFormat format, boolean gzip) {
        try {
            Answer answer = pages.scrape(format, gzip);
            exchange.connection.onOwnLoop(() -> exchange.answer(answer));
        } catch (RuntimeException bug) {
            exchange.connection.onOwnLoop(() -> exchange.onBug(bug));
        }
    }

    /** Something that has its parameters in the query or in a form. */
    private interface Parametrized {
        void onRequest(Exchange exchange, String uri, String form);
    }

    private static void withParameters(Exchange exchange, HttpRequest request, WriteIntake intake, Parametrized pages) {
        if (isRefused(exchange, request.headers().get(HttpHeaderNames.AUTHORIZATION))) {
            return;
        }
        exchange.takesGzip = GzipReply.isWanted(request.headers());
        exchange.accept = String.join(",", request.headers().getAll(HttpHeaderNames.ACCEPT));
        String uri = request.uri();
        if (BodyKind.isForm(request.headers())) {
            exchange.wantsContinue = HttpUtil.is100ContinueExpected(request);
            intake.collectQuestion(
                    exchange, form -> pages.onRequest(exchange, uri, new String(form, StandardCharsets.UTF_8)));
        } else {
            pages.onRequest(exchange, uri, "");
        }
    }

    private void read(Exchange exchange, HttpRequest request, WriteIntake intake) {
        HttpHeaders headers = request.headers();
        if (isRefused(exchange, headers.get(HttpHeaderNames.AUTHORIZATION))) {
            return;
        }
        if (!BodyKind.isReadRequest(headers)) {
            exchange.refuse(WriteHead.unsupportedType(exchange.route, headers));
        } else if (BodyKind.encoding(exchange.route, headers) == null) {
            exchange.refuse(WriteHead.unsupportedEncoding(exchange.route, headers));
        } else {
            exchange.wantsContinue = HttpUtil.is100ContinueExpected(request);
            String uri = request.uri();
            intake.collectQuestion(exchange, message -> apiPages.onMessage(exchange, uri, message));
        }
    }

    private void write(Exchange exchange, HttpRequest request, WriteIntake intake) {
        WriteHead head = WriteHead.of(request, exchange.route);
        exchange.connection.lastHead.isWrite(exchange, head);
        long length = HttpUtil.isTransferEncodingChunked(request) ? -1 : HttpUtil.getContentLength(request, 0L);
        onWrite(exchange, head, length, intake);
    }

    /** @param length of the body; -1 where it comes in chunks */
    void onWrite(Exchange exchange, WriteHead head, long length, WriteIntake intake) {
        Connection connection = exchange.connection;
        if (isRefused(exchange, head.authorization())) {
            return;
        }
        long nowNanos = connection.now();
        Client client = connection.gate().client(nowNanos);
        RateDecision decision = client.tryRequest(nowNanos, Math.max(0, length));
        if (!decision.allowed()) {
            exchange.refuseRate(client, decision, decision == RateDecision.REQUESTS_SPENT ? 1 : length);
            return;
        }
        Refusal refusal = head.fault();
        if (refusal == null && length > config.limits().bodyBytes()) {
            refusal = Refusal.of(
                    413,
                    "body_too_large",
                    "found Content-Length " + length + ", wanted at most "
                            + config.limits().bodyBytes() + " (http.max-body)");
        }
        if (refusal == null) {
            refusal = services.admission().check();
        }
        if (refusal != null) {
            exchange.refuse(refusal);
            return;
        }
        exchange.allOrNothing = head.allOrNothing();
        exchange.wantsContinue = head.wantsContinue();
        intake.collect(exchange, client, head, length >= 0);
    }
}
