package io.metricstream.rules.notify;

import java.util.Map;

/**
 * What is told of an alert.
 *
 * @param startsAtMillis when it fired, in ms since 1970
 * @param endsAtMillis when it was resolved; for one that fires, until when it may be taken to fire without being told again
 * @param generatorUrl where its expression can be looked at
 */
public record AlertMessage(
        Map<String, String> labels,
        Map<String, String> annotations,
        long startsAtMillis,
        long endsAtMillis,
        String generatorUrl) {
    public AlertMessage {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }
}
