package io.metricstream.http;

import io.metricstream.limit.RateDecision;
import io.metricstream.limit.RateStanding;

/** What a client is told that asked for more than its limit. */
record OverLimit(RateDecision decision, RateStanding standing) {
    String message() {
        return decision.retryHelps()
                ? "over the limit of " + standing.limit() + " " + unit() + " per second"
                : "this request alone has more than the limit of " + standing.limit() + " " + unit()
                        + " per second; split it";
    }

    /** 429 where waiting helps; 413 where it never will, for a 429 would be tried again for ever. */
    Answer answer() {
        Refusal refusal = decision.retryHelps()
                ? new Refusal(429, "rate_limited", message(), (int) standing.retryAfterSeconds())
                : Refusal.of(413, "request_exceeds_limit", message());
        return Answer.refusal(refusal)
                .header("ratelimit-limit", String.valueOf(standing.limit()))
                .header("ratelimit-remaining", String.valueOf(standing.remaining()))
                .header("ratelimit-reset", String.valueOf(standing.resetSeconds()));
    }

    private String unit() {
        return switch (decision) {
            case SAMPLES_SPENT, SAMPLES_NEVER_FIT -> "samples";
            case BYTES_SPENT, BYTES_NEVER_FIT -> "bytes";
            case ALLOWED, REQUESTS_SPENT -> "requests";
        };
    }
}
