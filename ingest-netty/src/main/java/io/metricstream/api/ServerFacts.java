package io.metricstream.api;

import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What is to be told of the server; all but a count stays as it is while it runs.
 *
 * @param retention how long samples are kept, as it was configured
 * @param damages how many damaged parts were found so far; any thread may ask
 * @param flags the effective configuration, secrets masked
 */
public record ServerFacts(
        String version,
        String javaVersion,
        String workingFolder,
        long startMillis,
        String retention,
        LongSupplier damages,
        Map<String, String> flags) {}
