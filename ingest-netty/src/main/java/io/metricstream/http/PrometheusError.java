package io.metricstream.http;

import java.util.Set;

/**
 * An error in Prometheus's shape, which has no room for the stable {@code code} that all errors of this server have: it is in
 * the header {@code X-Error-Code}.
 */
final class PrometheusError {
    private static final String ADMIN = "/api/v1/admin/";
    private static final Set<String> TYPES_OF_503 = Set.of("timeout", "canceled");

    private PrometheusError() {}

    /** Whether those who ask at a path expect this shape. */
    static boolean isWantedAt(String path) {
        return ApiCall.at(path) != null || path.startsWith(ADMIN);
    }

    static Answer of(Refusal refusal) {
        Answer answer = Answer.json(refusal.status(), Answer.write(json -> {
            json.writeStringProperty("status", "error");
            json.writeStringProperty("errorType", type(refusal));
            json.writeStringProperty("error", refusal.message());
        }));
        return answer.header("x-error-code", refusal.code()).refusalHeaders(refusal);
    }

    /** A parameter that is missing or wrong. */
    static Refusal badParameter(IllegalArgumentException e) {
        return Refusal.of(400, "invalid_parameter", String.valueOf(e.getMessage()));
    }

    private static String type(Refusal refusal) {
        return switch (refusal.status()) {
            case 401, 403, 404 -> refusal.code();
            case 422 -> "execution";
            case 500 -> "internal";
            case 503 -> TYPES_OF_503.contains(refusal.code()) ? refusal.code() : "unavailable";
            default -> "bad_data";
        };
    }
}
