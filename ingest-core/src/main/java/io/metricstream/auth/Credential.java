package io.metricstream.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The key in an {@code Authorization} value.
 *
 * @param user the user name of Basic; empty for every other form
 * @param key what is said to be a key; not checked in any way
 */
record Credential(String user, String key) {
    /**
     * Takes {@code Bearer KEY}, {@code Token KEY}, {@code Basic base64(USER:KEY)} and the bare {@code KEY}, the scheme in any
     * case. Returns null for another scheme and for Basic that is not base64 or has no colon.
     */
    static @Nullable Credential parse(String authorization) {
        String value = authorization.strip();
        int space = value.indexOf(' ');
        if (space < 0) {
            return value.isEmpty() ? null : new Credential("", value);
        }
        String rest = value.substring(space + 1).strip();
        if (isScheme(value, space, "Bearer") || isScheme(value, space, "Token")) {
            return new Credential("", rest);
        }
        return isScheme(value, space, "Basic") ? basic(rest) : null;
    }

    private static boolean isScheme(String value, int length, String scheme) {
        return length == scheme.length() && value.regionMatches(true, 0, scheme, 0, length);
    }

    private static @Nullable Credential basic(String encoded) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int colon = pair.indexOf(':');
        return colon < 0 ? null : new Credential(pair.substring(0, colon), pair.substring(colon + 1));
    }
}
