package io.metricstream.auth;

import io.metricstream.limit.RateLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The clients of one reading of a key file, found by the hash of a key; immutable. */
final class ClientDirectory {
    static final ClientDirectory EMPTY = new ClientDirectory(List.of());

    private final List<ClientEntry> entries;
    private final Map<KeyHash, Access> byKey = new HashMap<>();

    ClientDirectory(List<ClientEntry> entries) {
        this.entries = List.copyOf(entries);
        for (ClientEntry entry : entries) {
            Access access = Access.of(entry.name(), entry.roles());
            for (KeyHash key : entry.keys()) {
                byKey.put(key, access);
            }
        }
    }

    /**
     * The client whose key has this hash. Finding the place in the table takes a time that depends on the hash; it says
     * nothing about a key, as nobody can make a key whose hash begins as wanted without trying them all. The comparison
     * of the whole hash takes constant time.
     */
    @Nullable
    Access find(KeyHash hash) {
        return byKey.get(hash);
    }

    boolean hasKeys() {
        return !byKey.isEmpty();
    }

    Map<String, RateLimits> limits(RateLimits defaults) {
        Map<String, RateLimits> limits = new HashMap<>();
        for (ClientEntry entry : entries) {
            limits.put(entry.name(), entry.limits().over(defaults));
        }
        return limits;
    }
}
