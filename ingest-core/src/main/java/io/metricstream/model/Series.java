package io.metricstream.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A series as people read it: type, metric name, and tags in key order. Cold paths only. */
public record Series(MetricType type, String name, Map<String, String> tags) {
    private static final int SHOWN_CHARS = 500;

    public Series {
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /** As in {@code up{job="a"}}, cut to what fits into a line. */
    public String shown() {
        var text = new StringBuilder(name);
        String before = "{";
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            text.append(before)
                    .append(tag.getKey())
                    .append("=\"")
                    .append(tag.getValue())
                    .append('"');
            before = ",";
            if (text.length() > SHOWN_CHARS) {
                break;
            }
        }
        text.append(tags.isEmpty() ? "" : "}");
        return text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text.toString();
    }

    /** The value of a tag, or the metric name for {@link Labels#NAME}; a label that is not there is the empty string. */
    public String label(String key) {
        return key.equals(Labels.NAME) ? name : tags.getOrDefault(key, "");
    }
}
