package io.metricstream.parquet;

import io.metricstream.model.MetricType;
import io.metricstream.model.Series;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.io.api.Binary;

/** The row under way, reused: a sample, with the texts of its series as bytes. */
@OwnedBy(Role.MAIN)
final class SampleRow {
    SeriesColumns series = new SeriesColumns(Binary.EMPTY, MetricType.GAUGE, List.of());
    long timestampMillis;
    double value;

    /** What the rows of a series have in common. */
    record SeriesColumns(Binary name, MetricType type, List<Tag> tags) {
        SeriesColumns {
            tags = List.copyOf(tags);
        }

        static SeriesColumns of(Series series) {
            List<Tag> tags = new ArrayList<>();
            series.tags().forEach((key, value) -> tags.add(new Tag(Binary.fromString(key), Binary.fromString(value))));
            return new SeriesColumns(Binary.fromString(series.name()), series.type(), tags);
        }
    }

    record Tag(Binary key, Binary value) {}
}
