package io.metricstream.rules.template;

import java.util.List;
import java.util.Map;

/**
 * What a template is expanded for.
 *
 * @param labels of the series that fires, {@code $labels}
 * @param value of it, {@code $value}
 * @param externalLabels of this server, {@code $externalLabels}
 * @param externalUrl of this server, {@code $externalURL}
 * @param timeMillis of the evaluation, in ms since 1970
 */
public record TemplateData(
        Map<String, String> labels,
        double value,
        Map<String, String> externalLabels,
        String externalUrl,
        long timeMillis,
        Queries queries) {
    /** Answers the queries in templates. */
    @FunctionalInterface
    public interface Queries {
        /** What an expression is at the time of the evaluation; fails with a message for whoever reads the alert. */
        List<TemplateSample> query(String expression) throws TemplateException;
    }
}
