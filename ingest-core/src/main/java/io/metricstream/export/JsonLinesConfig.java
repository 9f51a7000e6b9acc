package io.metricstream.export;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of the JSON Lines file that the server writes beside the log.
 *
 * @param path the file; empty where none is written
 * @param rotateBytes the size at which the file becomes {@code path.1}; 0 for never
 * @param keep how many rotated files are kept, {@code path.1} being the newest
 */
public record JsonLinesConfig(Optional<Path> path, long rotateBytes, int keep) {
    public JsonLinesConfig {
        if (rotateBytes < 0) {
            throw new IllegalArgumentException(
                    "jsonl.rotate-bytes: found " + rotateBytes + ", wanted 0 (never) or a size");
        }
        if (keep < 1) {
            throw new IllegalArgumentException("jsonl.keep: found " + keep + ", wanted at least 1");
        }
    }
}
