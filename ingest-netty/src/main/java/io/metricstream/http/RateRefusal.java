package io.metricstream.http;

import io.metricstream.limit.RateDecision;
import io.metricstream.limit.RateStanding;

/** What a client over its limits is told. Stateless. */
final class RateRefusal {
    private RateRefusal() {}

    static Refusal of(RateDecision decision, RateStanding standing, Route route) {
        String limit = standing.limit() + " " + unit(decision) + " per second";
        if (!decision.retryHelps()) {
            return Refusal.of(
                    413,
                    "request_exceeds_limit",
                    "this request alone has more than the limit of " + limit + "; split it");
        }
        String message = "over the limit of " + limit;
        int retryAfterSeconds = (int) standing.retryAfterSeconds();
        // Prometheus drops what is answered 429, and sends again what is answered 503.
        return route == Route.REMOTE_WRITE
                ? Refusal.unavailable("rate_limited", message, retryAfterSeconds)
                : new Refusal(429, "rate_limited", message, retryAfterSeconds);
    }

    static Answer answer(Refusal refusal, RateStanding standing) {
        return Answer.refusal(refusal)
                .header("ratelimit-limit", String.valueOf(standing.limit()))
                .header("ratelimit-remaining", String.valueOf(standing.remaining()))
                .header("ratelimit-reset", String.valueOf(standing.resetSeconds()));
    }

    private static String unit(RateDecision decision) {
        return switch (decision) {
            case SAMPLES_SPENT, SAMPLES_NEVER_FIT -> "samples";
            case BYTES_SPENT, BYTES_NEVER_FIT -> "bytes";
            case ALLOWED, REQUESTS_SPENT -> "requests";
        };
    }
}
