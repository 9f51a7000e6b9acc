package io.metricstream.api;

import io.metricstream.model.Labels;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.promql.parse.ValueType;
import io.metricstream.promql.text.GoNumber;
import io.metricstream.promql.text.GoText;
import io.metricstream.select.Question;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The answer to a query, as it is written: times in seconds with milliseconds where there are any, values as texts. Stateless. */
public final class QueryReply {
    private static final int MILLIS = 1000;

    private QueryReply() {}

    /**
     * @param limit series that are told at most; 0 for all
     * @param stats what is told of what the query took; null for nothing
     */
    static void write(OutputStream out, QueryResult result, int limit, @Nullable StatsReply stats, Question question) {
        List<ResultSeries> series = result.series();
        boolean cut = limit > 0 && series.size() > limit && result.type() != ValueType.SCALAR;
        List<ResultSeries> told = cut ? series.subList(0, limit) : series;
        write(out, result, told, stats, warnings(result, cut, question));
    }

    /** Writes all of a result. */
    public static void write(OutputStream out, QueryResult result) {
        write(out, result, result.series(), null, result.warnings());
    }

    private static void write(
            OutputStream out,
            QueryResult result,
            List<ResultSeries> told,
            @Nullable StatsReply stats,
            List<String> warnings) {
        JsonReply.writeAnnotated(
                out,
                json -> {
                    json.writeStartObject();
                    json.writeStringProperty("resultType", result.type().shortText());
                    json.writeName("result");
                    switch (result.type()) {
                        case SCALAR -> {
                            ResultSeries scalar = told.get(0);
                            writePoint(shortSeconds(scalar.timeMillis(0)), GoNumber.value(scalar.value(0)), json);
                        }
                        case STRING ->
                            writePoint(shortSeconds(result.timeMillis()), GoText.toUtf8(result.text()), json);
                        default -> {
                            var points = new PointsText(json);
                            json.writeStartArray();
                            for (ResultSeries one : told) {
                                writeSeries(one, result.type(), points, json);
                            }
                            json.writeEndArray();
                        }
                    }
                    if (stats != null) {
                        json.writeName("stats");
                        stats.write(json);
                    }
                    json.writeEndObject();
                },
                warnings,
                result.infos());
    }

    private static List<String> warnings(QueryResult result, boolean cut, Question question) {
        List<String> store = JsonReply.warnings(question, cut);
        return Stream.concat(result.warnings().stream(), store.stream()).toList();
    }

    private static void writeSeries(ResultSeries series, ValueType type, PointsText points, JsonGenerator json) {
        json.writeStartObject();
        json.writeName("metric");
        writeLabels(series.labels(), json);
        if (type == ValueType.VECTOR) {
            json.writeName("value");
            points.writeFirst(series);
        } else {
            json.writeName("values");
            points.writeAll(series);
        }
        json.writeEndObject();
    }

    static void writeLabels(Labels labels, JsonGenerator json) {
        json.writeStartObject();
        for (int i = 0; i < labels.size(); i++) {
            json.writeStringProperty(labels.name(i), GoText.toUtf8(labels.value(i)));
        }
        json.writeEndObject();
    }

    private static void writePoint(String seconds, String value, JsonGenerator json) {
        json.writeStartArray();
        json.writeNumber(seconds);
        json.writeString(value);
        json.writeEndArray();
    }

    /** {@code 1.01}: what stands alone is written in another way than samples. */
    static String shortSeconds(long millis) {
        return GoNumber.plain(millis / (double) MILLIS);
    }
}
