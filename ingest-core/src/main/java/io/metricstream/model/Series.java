package io.metricstream.model;

import java.util.Map;

/** A series as people read it: type, metric name, and tags in key order. Cold paths only. */
public record Series(MetricType type, String name, Map<String, String> tags) {
    public Series {
        tags = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(tags));
    }
}
