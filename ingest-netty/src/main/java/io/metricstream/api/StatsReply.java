package io.metricstream.api;

import io.metricstream.promql.engine.QueryEngine;
import io.metricstream.promql.engine.QueryException;
import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.QueryStats;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.promql.parse.ParseException;
import io.metricstream.promql.parse.PromParser;
import io.metricstream.promql.text.GoNumber;
import io.metricstream.select.Cancellation;
import io.metricstream.select.Queryable;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/**
 * What a query took, as it is told beside the result.
 *
 * @param waitedNanos for a free worker
 * @param perStep samples that were looked at, by the time of the step
 * @param tellsSteps whether that is told, too, and not only their sum
 */
record StatsReply(QueryStats stats, long waitedNanos, Map<Long, Long> perStep, boolean tellsSteps) {
    private static final double NANOS = 1e9;

    /**
     * Counts what a query looked at, which takes about as long as the query.
     *
     * @param detail the parameter {@code stats}
     */
    static StatsReply of(
            QueryStats stats,
            long waitedNanos,
            String detail,
            QueryRequest query,
            QueryEngine engine,
            Queryable stored,
            Cancellation cancellation)
            throws QueryException {
        var perStep = new TreeMap<Long, Long>();
        for (long step = query.startMillis(); step <= query.endMillis(); step += Math.max(1, query.stepMillis())) {
            perStep.put(step, 0L);
        }
        try {
            for (String counting : SampleCounts.of(PromParser.parse(query.query()))) {
                for (ResultSeries counts :
                        engine.run(query.of(counting), stored, cancellation).series()) {
                    for (int point = 0; point < counts.size(); point++) {
                        perStep.merge(counts.timeMillis(point), (long) counts.value(point), Long::sum);
                    }
                }
            }
        } catch (ParseException e) {
            throw new IllegalStateException("a query that was answered cannot be parsed: " + query.query(), e);
        }
        return new StatsReply(stats, waitedNanos, perStep, detail.equals("all"));
    }

    void write(JsonGenerator json) {
        json.writeStartObject();
        json.writeObjectPropertyStart("timings");
        long evaluation = stats.preparationNanos() + stats.evaluationNanos() + stats.sortNanos();
        seconds("evalTotalTime", evaluation, json);
        seconds("resultSortTime", stats.sortNanos(), json);
        seconds("queryPreparationTime", stats.preparationNanos(), json);
        seconds("innerEvalTime", stats.evaluationNanos(), json);
        seconds("execQueueTime", waitedNanos, json);
        seconds("execTotalTime", waitedNanos + evaluation, json);
        json.writeEndObject();
        json.writeObjectPropertyStart("samples");
        if (tellsSteps) {
            json.writeArrayPropertyStart("totalQueryableSamplesPerStep");
            perStep.forEach((time, count) -> {
                json.writeStartArray();
                json.writeNumber(QueryReply.shortSeconds(time));
                json.writeNumber(count);
                json.writeEndArray();
            });
            json.writeEndArray();
        }
        json.writeNumberProperty(
                "totalQueryableSamples",
                perStep.values().stream().mapToLong(Long::longValue).sum());
        json.writeNumberProperty("peakSamples", stats.peakSamples());
        json.writeNumberProperty("samplesRead", stats.samplesRead());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void seconds(String name, long nanos, JsonGenerator json) {
        json.writeName(name);
        json.writeNumber(GoNumber.plain(nanos / NANOS));
    }
}
