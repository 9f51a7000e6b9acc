package io.metricstream.http;

import java.util.Set;

/** An error in Prometheus's shape, with the stable {@code code} that all errors of this server have. */
final class PrometheusError {
    private static final Set<String> TYPES_OF_503 = Set.of("timeout", "canceled");

    private PrometheusError() {}

    /** Answers with it. Thread: the connection's event loop. */
    static void answer(Exchange exchange, Refusal refusal) {
        Answer answer = Answer.json(refusal.status(), Answer.write(json -> {
            json.writeStringProperty("status", "error");
            json.writeStringProperty("errorType", type(refusal));
            json.writeStringProperty("error", refusal.message());
            json.writeStringProperty("code", refusal.code());
        }));
        if (refusal.retryAfterSeconds() > 0) {
            answer.header("retry-after", String.valueOf(refusal.retryAfterSeconds()));
        }
        exchange.answerError(answer, refusal.message());
    }

    /** A parameter that is missing or wrong. */
    static Refusal badParameter(IllegalArgumentException e) {
        return Refusal.of(400, "invalid_parameter", String.valueOf(e.getMessage()));
    }

    private static String type(Refusal refusal) {
        return switch (refusal.status()) {
            case 422 -> "execution";
            case 500 -> "internal";
            case 503 -> TYPES_OF_503.contains(refusal.code()) ? refusal.code() : "unavailable";
            default -> "bad_data";
        };
    }
}
