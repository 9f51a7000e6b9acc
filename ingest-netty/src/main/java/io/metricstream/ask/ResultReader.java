package io.metricstream.ask;

import io.metricstream.model.Labels;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.promql.engine.QueryStats;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.promql.parse.ValueType;
import io.metricstream.promql.text.GoNumber;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The result of a query out of the answer of Prometheus's API. Stateless. */
final class ResultReader {
    private static final double MILLIS = 1000;
    private static final QueryStats UNKNOWN = new QueryStats(0, 0, 0, 0, 0);

    private ResultReader() {}

    static QueryResult read(JsonNode reply, long timeMillis) throws AskException {
        JsonNode data = reply.path("data");
        JsonNode result = data.path("result");
        ValueType type = type(data.path("resultType").asString(""));
        List<ResultSeries> series = new ArrayList<>();
        switch (type) {
            case STRING -> {}
            case SCALAR -> series.add(new ResultSeries(Labels.EMPTY, times(result), values(result)));
            case VECTOR -> {
                for (JsonNode one : result) {
                    series.add(new ResultSeries(labels(one), times(one.path("value")), values(one.path("value"))));
                }
            }
            case MATRIX -> {
                for (JsonNode one : result) {
                    series.add(points(one));
                }
            }
        }
        return new QueryResult(
                type,
                timeMillis,
                series,
                type == ValueType.STRING ? result.path(1).asString("") : "",
                texts(reply.path("warnings")),
                texts(reply.path("infos")),
                UNKNOWN);
    }

    private static ValueType type(String name) throws AskException {
        for (ValueType type : ValueType.values()) {
            if (type.shortText().equals(name)) {
                return type;
            }
        }
        throw strange("resultType", name);
    }

    private static ResultSeries points(JsonNode series) throws AskException {
        JsonNode points = series.path("values");
        long[] times = new long[points.size()];
        double[] values = new double[points.size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = time(points.get(i));
            values[i] = value(points.get(i));
        }
        if (times.length == 0) {
            throw strange("values", series.toString());
        }
        return new ResultSeries(labels(series), times, values);
    }

    private static Labels labels(JsonNode series) {
        Map<String, String> labels = new HashMap<>();
        series.path("metric")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
        return Labels.of(labels);
    }

    private static long[] times(JsonNode point) {
        return new long[] {time(point)};
    }

    private static double[] values(JsonNode point) throws AskException {
        return new double[] {value(point)};
    }

    private static long time(JsonNode point) {
        return Math.round(point.path(0).asDouble(0) * MILLIS);
    }

    private static double value(JsonNode point) throws AskException {
        String text = point.path(1).asString("");
        return GoNumber.parse(text).orElseThrow(() -> strange("a value", text));
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(text -> text.asString("")).toList();
    }

    /** Above all a native histogram, which some servers have. */
    private static AskException strange(String what, String found) {
        return new AskException("the server answered " + what + " \"" + found + "\", which is not understood", false);
    }
}
