package io.metricstream.auth;

import io.metricstream.limit.RateOverride;
import java.util.List;
import java.util.Set;

/**
 * One client of the key file.
 *
 * @param name 1 to 128 printable ASCII characters, without a colon where it has keys
 * @param keys the hashes of the keys it may use, the newest last; none where the entry only sets limits
 * @param roles what it may do; at least one where it has keys
 */
public record ClientEntry(String name, List<KeyHash> keys, Set<AccessRole> roles, RateOverride limits) {
    static final int MAX_NAME_CHARS = 128;

    public ClientEntry {
        keys = List.copyOf(keys);
        roles = Set.copyOf(roles);
        checkName(name, !keys.isEmpty());
        if (roles.isEmpty() && !keys.isEmpty()) {
            throw new IllegalArgumentException("roles: found none, wanted at least one of write, read, admin");
        }
    }

    private static void checkName(String name, boolean hasKeys) {
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
            throw new IllegalArgumentException(
                    "name: found " + name.length() + " characters, wanted 1 to " + MAX_NAME_CHARS);
        }
        if (!PlainText.isPrintable(name) || name.startsWith(" ") || name.endsWith(" ")) {
            throw new IllegalArgumentException(
                    "name: found a character that is not printable ASCII or a space at an end, wanted neither");
        }
        if (hasKeys && name.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "name: found a colon, wanted none in the name of a client with keys, as Basic cannot carry it");
        }
    }
}
