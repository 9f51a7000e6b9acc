package io.metricstream.http;

import org.jspecify.annotations.Nullable;

/**
 * A request that is not carried out, and why.
 *
 * @param status the HTTP status
 * @param code the stable word for programs
 * @param message what was found and what was wanted, for people
 * @param retryAfterSeconds for the {@code Retry-After} header; 0 for none
 */
public record Refusal(int status, String code, String message, int retryAfterSeconds) {
    private static final int SHOWN_CHARS = 100;

    public static Refusal of(int status, String code, String message) {
        return new Refusal(status, code, message, 0);
    }

    /** Something that passes by itself. */
    public static Refusal unavailable(String code, String message, int retryAfterSeconds) {
        return new Refusal(503, code, message, Math.max(1, retryAfterSeconds));
    }

    /** What a client sent, cut to what fits into a message, without what might trouble a terminal. */
    static String shown(@Nullable String text) {
        if (text == null) {
            return "none";
        }
        var out = new StringBuilder(Math.min(text.length(), SHOWN_CHARS) + 3);
        for (int i = 0; i < text.length() && i < SHOWN_CHARS; i++) {
            char c = text.charAt(i);
            out.append(c < ' ' || c >= 0x7f ? '?' : c);
        }
        return text.length() > SHOWN_CHARS ? out.append("...").toString() : out.toString();
    }
}
