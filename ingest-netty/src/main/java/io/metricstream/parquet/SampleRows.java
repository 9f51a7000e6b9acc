package io.metricstream.parquet;

import io.metricstream.model.MetricType;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.EnumMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** The columns, and how a row is laid into them: {@code timestamp, name, value, type, tags}. */
@OwnedBy(Role.MAIN)
final class SampleRows extends WriteSupport<SampleRow> {
    private static final MessageType SCHEMA = Types.buildMessage()
            .required(PrimitiveTypeName.INT64)
            .as(LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MILLIS))
            .named("timestamp")
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("name")
            .required(PrimitiveTypeName.DOUBLE)
            .named("value")
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("type")
            .requiredMap()
            .key(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .requiredValue(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("tags")
            .named("sample");

    private static final Map<MetricType, Binary> TYPES = types();

    private @Nullable RecordConsumer consumer;

    private static Map<MetricType, Binary> types() {
        Map<MetricType, Binary> types = new EnumMap<>(MetricType.class);
        for (MetricType type : MetricType.values()) {
            types.put(type, Binary.fromString(type.text()));
        }
        return types;
    }

    @Override
    @SuppressWarnings("deprecation") // The library has no other that must not be left out.
    public WriteContext init(Configuration configuration) {
        return new WriteContext(SCHEMA, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer columns) {
        consumer = columns;
    }

    @Override
    public void write(SampleRow row) {
        RecordConsumer out = consumer;
        if (out == null) {
            throw new IllegalStateException("a row before the columns");
        }
        SampleRow.SeriesColumns series = row.series;
        out.startMessage();
        out.startField("timestamp", 0);
        out.addLong(row.timestampMillis);
        out.endField("timestamp", 0);
        addText(out, "name", 1, series.name());
        out.startField("value", 2);
        out.addDouble(row.value);
        out.endField("value", 2);
        addText(out, "type", 3, TYPES.getOrDefault(series.type(), Binary.EMPTY));
        out.startField("tags", 4);
        addTags(out, series);
        out.endField("tags", 4);
        out.endMessage();
    }

    private static void addTags(RecordConsumer out, SampleRow.SeriesColumns series) {
        out.startGroup();
        if (!series.tags().isEmpty()) {
            out.startField("key_value", 0);
            for (SampleRow.Tag tag : series.tags()) {
                out.startGroup();
                addText(out, "key", 0, tag.key());
                addText(out, "value", 1, tag.value());
                out.endGroup();
            }
            out.endField("key_value", 0);
        }
        out.endGroup();
    }

    private static void addText(RecordConsumer out, String field, int index, Binary text) {
        out.startField(field, index);
        out.addBinary(text);
        out.endField(field, index);
    }
}
