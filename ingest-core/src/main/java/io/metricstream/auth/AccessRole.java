package io.metricstream.auth;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a client may do. */
public enum AccessRole {
    /** Send samples. */
    WRITE,
    /** Ask for samples. */
    READ,
    /** Everything, including what changes or removes stored data. */
    ADMIN;

    /** The role of this name; null where there is none. */
    public static @Nullable AccessRole named(String word) {
        for (AccessRole role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        return null;
    }

    /** The name, as files and commands have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
