package io.metricstream.feed;

import io.metricstream.model.MetricType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** In what Prometheus' text format and OpenMetrics differ. */
@SuppressWarnings("ImmutableEnumChecker") // What Map.of and Set.of make does not change.
enum ExpositionDialect {
    /** Version 0.0.4 and later: times in milliseconds, blank lines and comments anywhere. */
    PROMETHEUS(
            Map.of(
                    "counter", MetricType.COUNTER,
                    "gauge", MetricType.GAUGE,
                    "histogram", MetricType.HISTOGRAM,
                    "summary", MetricType.SUMMARY,
                    "untyped", MetricType.GAUGE),
            Map.of(
                    MetricType.HISTOGRAM, Set.of("_bucket", "_sum", "_count"),
                    MetricType.SUMMARY, Set.of("", "_sum", "_count"))),
    /** Version 1: times in seconds, exemplars, and {@code # EOF} at the end. */
    OPENMETRICS(
            Map.of(
                    "counter", MetricType.COUNTER,
                    "gauge", MetricType.GAUGE,
                    "histogram", MetricType.HISTOGRAM,
                    "summary", MetricType.SUMMARY,
                    "gaugehistogram", MetricType.GAUGE,
                    "stateset", MetricType.GAUGE,
                    "info", MetricType.GAUGE,
                    "unknown", MetricType.GAUGE),
            Map.of(
                    MetricType.COUNTER, Set.of("_total"),
                    MetricType.HISTOGRAM, Set.of("_bucket", "_sum", "_count"),
                    MetricType.SUMMARY, Set.of("", "_sum", "_count")));

    private static final Set<String> ITSELF = Set.of("");

    private final Map<String, MetricType> types;
    private final Map<MetricType, Set<String>> endings;

    ExpositionDialect(Map<String, MetricType> types, Map<MetricType, Set<String>> endings) {
        this.types = types;
        this.endings = endings;
    }

    /** The type of a word in a TYPE line; null where it is none. */
    @Nullable
    MetricType type(String word) {
        return types.get(word);
    }

    /** For messages. */
    String typeWords() {
        return String.join(", ", types.keySet().stream().sorted().toList());
    }

    /** What samples of a family of this type may have behind its name; other samples are gauges. */
    boolean isOf(MetricType type, String ending) {
        return endings.getOrDefault(type, ITSELF).contains(ending);
    }
}
