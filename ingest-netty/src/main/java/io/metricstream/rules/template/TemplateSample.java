package io.metricstream.rules.template;

import java.util.Map;

/** One series of the result of a query in a template. */
public record TemplateSample(Map<String, String> labels, double value) {
    public TemplateSample {
        labels = Map.copyOf(labels);
    }
}
