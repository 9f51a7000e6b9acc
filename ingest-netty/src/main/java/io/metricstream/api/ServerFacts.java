package io.metricstream.api;

import java.util.Map;

/**
 * What does not change while the server runs.
 *
 * @param retention how long samples are kept, as it was configured
 * @param flags the effective configuration, secrets masked
 */
public record ServerFacts(
        String version,
        String javaVersion,
        String workingFolder,
        long startMillis,
        String retention,
        Map<String, String> flags) {}
