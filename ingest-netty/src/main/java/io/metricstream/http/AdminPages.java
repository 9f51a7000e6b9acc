package io.metricstream.http;

import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Matcher;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * {@code /api/v1/admin/tsdb/…} as Prometheus has it: parameters in the query or in a form, and its answers.
 *
 * <p>Thread: event loops ask; the work is done on a thread of its own.
 */
@ThreadSafe("immutable; the work is handed to one thread")
final class AdminPages {
    private final Administration administration;
    private final Executor worker;

    AdminPages(Administration administration, Executor worker) {
        this.administration = administration;
        this.worker = worker;
    }

    /** Hands the work over and answers when it is done. */
    void onRequest(Exchange exchange, String uri, String form) {
        Route route = exchange.route;
        try {
            worker.execute(() -> run(exchange, route, uri, form));
        } catch (RejectedExecutionException tooMany) {
            exchange.refuse(Refusal.unavailable("busy", "too much of this at once", 1));
        }
    }

    private interface Work {
        Answer run() throws ApiException;
    }

    private Work work(Route route, Parameters parameters) {
        return route == Route.SNAPSHOT ? snapshot(parameters) : deletion(parameters);
    }

    private Work deletion(Parameters parameters) {
        List<List<Matcher>> selectors = parameters.selectorsWanted();
        long[] range = parameters.range();
        return () -> {
            administration.delete(selectors, range[0], range[1]);
            return Answer.empty(204);
        };
    }

    private Work snapshot(Parameters parameters) {
        String skipHead = parameters.first("skip_head", "false");
        boolean withMemory =
                switch (skipHead) {
                    case "false", "0" -> true;
                    case "true", "1" -> false;
                    default ->
                        throw new IllegalArgumentException(
                                "unable to parse boolean 'skip_head' argument: found " + Refusal.shown(skipHead));
                };
        return () -> {
            String name = administration.snapshot(withMemory);
            return Answer.json(200, Answer.write(json -> {
                json.writeStringProperty("status", "success");
                json.writeObjectPropertyStart("data");
                json.writeStringProperty("name", name);
                json.writeEndObject();
            }));
        };
    }

    /** Runs on the worker, also what only reads the parameters: regular expressions take their time. */
    private void run(Exchange exchange, Route route, String uri, String form) {
        Work work;
        try {
            work = work(route, new Parameters(uri, form));
        } catch (IllegalArgumentException e) {
            exchange.connection.onOwnLoop(() -> exchange.refuse(PrometheusError.badParameter(e)));
            return;
        }
        try {
            Answer answer = work.run();
            exchange.connection.onOwnLoop(() -> exchange.answer(answer));
        } catch (ApiException e) {
            exchange.connection.onOwnLoop(() -> exchange.refuse(e.refusal()));
        } catch (RuntimeException bug) {
            exchange.connection.onOwnLoop(() -> exchange.onBug(bug));
        }
    }
}
