package io.metricstream.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A series as people read it: type, metric name, and tags in key order. Cold paths only. */
public record Series(MetricType type, String name, Map<String, String> tags) {
    public Series {
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /** The value of a tag, or the metric name for {@link Labels#NAME}; a label that is not there is the empty string. */
    public String label(String key) {
        return key.equals(Labels.NAME) ? name : tags.getOrDefault(key, "");
    }
}
