package io.metricstream.rules;

import io.metricstream.model.Labels;
import java.util.Map;

/**
 * An alert that is pending or firing. Immutable.
 *
 * @param keepFiringSinceMillis since when it fires although its series is gone; 0 where it is not
 */
public record AlertView(
        Labels labels,
        Map<String, String> annotations,
        AlertState state,
        long activeAtMillis,
        long keepFiringSinceMillis,
        double value) {}
