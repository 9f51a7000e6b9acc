package io.metricstream.http;

/**
 * A request that is not carried out, and why.
 *
 * @param status the HTTP status
 * @param code the stable word for programs
 * @param message what was found and what was wanted, for people
 * @param retryAfterSeconds for the {@code Retry-After} header; 0 for none
 */
public record Refusal(int status, String code, String message, int retryAfterSeconds) {
    static Refusal of(int status, String code, String message) {
        return new Refusal(status, code, message, 0);
    }

    /** Something that passes by itself. */
    public static Refusal unavailable(String code, String message, int retryAfterSeconds) {
        return new Refusal(503, code, message, Math.max(1, retryAfterSeconds));
    }
}
