package io.metricstream.http;

import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Matcher;
import io.metricstream.select.SelectorException;
import io.metricstream.select.SelectorParser;
import java.util.ArrayList;
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

    /** Parses, hands the work over and answers when it is done. */
    void onRequest(Exchange exchange, String uri, String form) {
        Work work;
        try {
            work = work(exchange.route, new Parameters(uri, form));
        } catch (IllegalArgumentException e) {
            answer(exchange, error(Refusal.of(400, "invalid_parameter", String.valueOf(e.getMessage()))));
            return;
        }
        try {
            worker.execute(() -> run(exchange, work));
        } catch (RejectedExecutionException tooMany) {
            answer(exchange, error(Refusal.unavailable("busy", "too much of this at once", 1)));
        }
    }

    private interface Work {
        Answer run() throws Administration.RefusedException;
    }

    private Work work(Route route, Parameters parameters) {
        return route == Route.SNAPSHOT ? snapshot(parameters) : deletion(parameters);
    }

    private Work deletion(Parameters parameters) {
        List<List<Matcher>> selectors = new ArrayList<>();
        for (String selector : parameters.all("match[]")) {
            selectors.add(matchers(selector));
        }
        if (selectors.isEmpty()) {
            throw new IllegalArgumentException("no match[] parameter provided");
        }
        long from = time(parameters, "start", Long.MIN_VALUE);
        long to = time(parameters, "end", Long.MAX_VALUE);
        if (to < from) {
            throw new IllegalArgumentException("end timestamp must not be before start time");
        }
        return () -> {
            administration.delete(selectors, from, to);
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

    /** One that selects everything by being empty is more likely a mistake. */
    private static List<Matcher> matchers(String selector) {
        try {
            List<Matcher> matchers = SelectorParser.parse(selector);
            if (matchers.stream().allMatch(Matcher::matchesEmpty)) {
                throw new IllegalArgumentException("invalid parameter \"match[]\": " + Refusal.shown(selector)
                        + ": must contain at least one non-empty matcher");
            }
            return matchers;
        } catch (SelectorException e) {
            throw new IllegalArgumentException("invalid parameter \"match[]\": " + e.getMessage(), e);
        }
    }

    private static long time(Parameters parameters, String name, long instead) {
        String text = parameters.first(name, "");
        try {
            return text.isEmpty() ? instead : PrometheusTime.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid parameter \"" + name + "\": " + e.getMessage(), e);
        }
    }

    /** Runs on the worker. */
    private static void run(Exchange exchange, Work work) {
        try {
            Answer answer = work.run();
            exchange.connection.onOwnLoop(() -> exchange.connection.answer(exchange, answer));
        } catch (Administration.RefusedException e) {
            exchange.connection.onOwnLoop(() -> answer(exchange, error(e.refusal())));
        } catch (RuntimeException bug) {
            exchange.connection.onOwnLoop(() -> exchange.connection.onBug(exchange, bug));
        }
    }

    private static void answer(Exchange exchange, Failure failure) {
        exchange.connection.answerError(exchange, failure.answer(), failure.message());
    }

    private record Failure(Answer answer, String message) {}

    private static Failure error(Refusal refusal) {
        Answer answer = Answer.json(refusal.status(), Answer.write(json -> {
            json.writeStringProperty("status", "error");
            json.writeStringProperty("errorType", refusal.status() == 503 ? "unavailable" : "bad_data");
            json.writeStringProperty("error", refusal.message());
            json.writeStringProperty("code", refusal.code());
        }));
        if (refusal.retryAfterSeconds() > 0) {
            answer.header("retry-after", String.valueOf(refusal.retryAfterSeconds()));
        }
        return new Failure(answer, refusal.message());
    }
}
