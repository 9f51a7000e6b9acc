package io.metricstream.feed;

import java.util.Locale;
import java.util.Optional;

/** What a file's lines are. */
public enum FeedFormat {
    /** JSON: a sample a line, or a series and some of its samples. */
    JSONL,
    /** Prometheus' text format. */
    PROMETHEUS,
    OPENMETRICS,
    /** Comma-separated values as an export writes them. */
    CSV;

    /** What a file's name says, the ending of a compressed one left out; empty where it says nothing. */
    public static Optional<FeedFormat> of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        for (String packed : FeedFile.PACKED_ENDINGS) {
            if (name.endsWith(packed)) {
                name = name.substring(0, name.length() - packed.length());
            }
        }
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "jsonl", "ndjson", "json" -> Optional.of(JSONL);
            case "prom", "txt" -> Optional.of(PROMETHEUS);
            case "om", "openmetrics" -> Optional.of(OPENMETRICS);
            case "csv" -> Optional.of(CSV);
            default -> Optional.empty();
        };
    }

    LineReader reader(long timeOfNoneMillis) {
        return switch (this) {
            case JSONL -> new JsonLineReader(timeOfNoneMillis);
            case PROMETHEUS -> new ExpositionReader(ExpositionDialect.PROMETHEUS, timeOfNoneMillis);
            case OPENMETRICS -> new ExpositionReader(ExpositionDialect.OPENMETRICS, timeOfNoneMillis);
            case CSV -> new CsvLineReader();
        };
    }
}
