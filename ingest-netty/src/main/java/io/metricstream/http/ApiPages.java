package io.metricstream.http;

import io.metricstream.own.ThreadSafe;
import io.metricstream.own.Transferred;
import io.metricstream.select.Cancellation;
import io.metricstream.select.CancelledException;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import tools.jackson.core.exc.JacksonIOException;

/**
 * Has the calls of the API answered by workers, and tells what goes wrong in Prometheus's shape.
 *
 * <p>Thread: event loops ask; a worker answers.
 */
@ThreadSafe("immutable; a question is handed to one worker")
final class ApiPages {
    private final Map<ApiCall, ApiPage> pages;
    private final Executor workers;
    private final Executor computers;
    private final HttpTimeouts timeouts;

    /** @param computers the workers for what may take long, so that the rest need not wait for it */
    ApiPages(Map<ApiCall, ApiPage> pages, Executor workers, Executor computers, HttpTimeouts timeouts) {
        this.pages = Map.copyOf(pages);
        this.workers = workers;
        this.computers = computers;
        this.timeouts = timeouts;
    }

    /** Hands the question over; it is answered when a worker is through. */
    void onRequest(Exchange exchange, String uri, String form) {
        ask(exchange, uri, form, InputStream.nullInputStream());
    }

    /** The same with a body that is no form. */
    void onMessage(Exchange exchange, String uri, @Transferred byte[] message) {
        ask(exchange, uri, "", new ByteArrayInputStream(message));
    }

    private void ask(Exchange exchange, String uri, String form, InputStream body) {
        ApiCall call = exchange.route.call();
        ApiPage page = call == null ? null : pages.get(call);
        if (call == null || page == null) {
            throw new IllegalStateException("nothing answers " + exchange.route);
        }
        var cancellation = new Cancellation();
        ApiRequest request;
        try {
            request = new ApiRequest(
                    label(exchange.path), new Parameters(uri, form), exchange.accept, body, 0, cancellation);
        } catch (IllegalArgumentException e) {
            exchange.refuse(PrometheusError.badParameter(e));
            return;
        }
        var out = new ReplyStream(exchange, call.contentType(), timeouts, cancellation);
        if (call == ApiCall.READ) {
            out.isEncoded("snappy");
        }
        long askedNanos = exchange.connection.now();
        try {
            if (call.reads()) {
                exchange.cancellation = cancellation;
            }
            (call.computes() ? computers : workers).execute(() -> {
                long waitedNanos = exchange.connection.now() - askedNanos;
                run(page, request.waited(waitedNanos), exchange, out);
            });
        } catch (RejectedExecutionException tooMany) {
            exchange.refuse(Refusal.unavailable("busy", "too many questions at once", 1));
        }
    }

    private static String label(String path) {
        String encoded = ApiCall.labelName(path);
        return encoded == null ? "" : QueryStringDecoder.decodeComponent(encoded.replace("+", "%2B"));
    }

    /** Runs on a worker. */
    private static void run(ApiPage page, ApiRequest request, Exchange exchange, ReplyStream out) {
        try {
            request.cancellation().check();
            write(page, request, exchange, out);
            out.end();
        } catch (ApiException e) {
            refuse(exchange, out, e.refusal());
        } catch (CancelledException left) {
            onLeft(left, exchange, out);
        } catch (BadParameterException e) {
            refuse(exchange, out, PrometheusError.badParameter(e));
        } catch (IOException | JacksonIOException gone) {
            // There is nobody to tell.
        } catch (RuntimeException bug) {
            if (out.begun()) {
                out.cut("the server failed", bug);
            } else {
                exchange.connection.onOwnLoop(() -> exchange.onBug(bug));
            }
        }
    }

    private static void write(ApiPage page, ApiRequest request, Exchange exchange, ReplyStream out)
            throws ApiException, IOException {
        if (!exchange.takesGzip) {
            page.answer(request, out);
            return;
        }
        var gzip = new GzipReply(out);
        try {
            page.answer(request, gzip);
            gzip.finish();
        } finally {
            gzip.release();
        }
    }

    /** A client that ended its side alone is still there to be told. */
    private static void onLeft(CancelledException left, Exchange exchange, ReplyStream out) {
        if (out.begun()) {
            exchange.connection.onOwnLoop(exchange.connection::close);
        } else {
            refuse(exchange, out, Refusal.unavailable("canceled", String.valueOf(left.getMessage()), 1));
        }
    }

    private static void refuse(Exchange exchange, ReplyStream out, Refusal refusal) {
        if (out.begun()) {
            out.cut(refusal.message(), null);
        } else {
            exchange.connection.onOwnLoop(() -> exchange.refuse(refusal));
        }
    }
}
