package io.metricstream.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Who is let in.
 *
 * @param mode whether keys are asked for
 * @param file the file of clients; needed where keys are asked for, and otherwise the source of names and limits
 */
public record AuthConfig(AuthMode mode, Optional<Path> file) {
    public AuthConfig {
        if (mode == AuthMode.KEYS && file.isEmpty()) {
            throw new IllegalArgumentException(
                    "auth.file: found nothing, wanted the file of clients, as auth.mode is keys");
        }
    }
}
