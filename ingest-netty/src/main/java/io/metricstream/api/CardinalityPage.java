package io.metricstream.api;

import io.metricstream.http.ApiException;
import io.metricstream.http.ApiRequest;
import io.metricstream.http.BadParameterException;
import io.metricstream.http.Parameters;
import io.metricstream.http.Refusal;
import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Question;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.io.OutputStream;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.ToLongFunction;
import tools.jackson.core.JsonGenerator;

/**
 * Tells how many series there are by metric, label and value, and which of them are the most: of all that is stored, of a
 * day, or of selected series.
 *
 * <p>Limits: one at a time, for it takes memory (see {@link Cardinality}).
 */
@ThreadSafe("immutable but for a semaphore; each answer counts for itself")
final class CardinalityPage implements PrometheusApi.StoragePage {
    private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;
    private static final int USUAL_TOP = 10;
    private static final int MOST_TOP = 1000;
    private static final String INCOMPLETE =
            "there are more labels and values than are counted; select fewer series with match[] or date";

    private final PrometheusApi.StoredSamples stored;
    private final Semaphore free = new Semaphore(1);

    CardinalityPage(PrometheusApi.StoredSamples stored) {
        this.stored = stored;
    }

    @Override
    public void answer(ApiRequest request, OutputStream out) throws ApiException, StorageFailure {
        Parameters parameters = request.parameters();
        String named = parameters.first("topN", "").isEmpty() ? "limit" : "topN";
        int top = parameters.count(named, USUAL_TOP);
        if (top < 1 || top > MOST_TOP) {
            throw new BadParameterException(named, "found " + top + ", wanted 1 to " + MOST_TOP);
        }
        // Who asks as one does of VictoriaMetrics is told what that tells beyond Prometheus.
        boolean more = !named.equals("limit") || !parameters.first("date", "").isEmpty();
        SelectedSeries selected = selected(request);
        Question question = stored.now();
        if (!free.tryAcquire()) {
            throw new ApiException(Refusal.unavailable("busy", "the series are being counted already", 1));
        }
        try {
            answer(question, selected, top, more, out);
        } finally {
            free.release();
        }
    }

    private static SelectedSeries selected(ApiRequest request) {
        Parameters parameters = request.parameters();
        String date = parameters.first("date", "");
        if (date.isEmpty()) {
            return SelectedSeries.of(parameters.selectors(), request);
        }
        try {
            long from = LocalDate.parse(date)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant()
                    .toEpochMilli();
            return SelectedSeries.of(parameters.selectors(), from, from + DAY_MILLIS - 1, request.cancellation());
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new BadParameterException("date", "wanted a day such as 2026-01-31");
        }
    }

    private static void answer(Question question, SelectedSeries selected, int top, boolean more, OutputStream out)
            throws StorageFailure {
        var counts = new Cardinality();
        try (SeriesCursor series = selected.open(question)) {
            counts.count(series);
        }
        Map<Long, Integer> metrics = counts.metrics().top(top);
        Map<Long, Integer> pairs = counts.pairs().top(top);
        Map<Long, String> texts;
        try (SeriesCursor series = selected.open(question)) {
            texts = counts.name(series, metrics.keySet(), pairs.keySet());
        }
        JsonReply.write(out, json -> {
            json.writeStartObject();
            json.writeObjectPropertyStart("headStats");
            json.writeNumberProperty("numSeries", counts.series());
            json.writeNumberProperty("numLabelPairs", counts.pairs().size());
            // What there is no count of here, and the range that was asked about.
            json.writeNumberProperty("chunkCount", 0);
            json.writeNumberProperty("minTime", selected.selections().get(0).fromMillis());
            json.writeNumberProperty("maxTime", selected.selections().get(0).toMillis());
            json.writeEndObject();
            write("seriesCountByMetricName", metrics, texts, json);
            write("labelValueCountByLabelName", counts, top, label -> label.values, json);
            write("memoryInBytesByLabelName", counts, top, label -> label.valueBytes, json);
            write("seriesCountByLabelValuePair", pairs, texts, json);
            if (more) {
                json.writeNumberProperty("totalSeries", counts.series());
                json.writeNumberProperty(
                        "totalLabelValuePairs",
                        counts.labels().stream()
                                .mapToLong(label -> label.series)
                                .sum());
                write("seriesCountByLabelName", counts, top, label -> label.series, json);
            }
            json.writeEndObject();
            return JsonReply.warnings(question, counts.isFull(), INCOMPLETE);
        });
    }

    private static void write(String name, Map<Long, Integer> counts, Map<Long, String> texts, JsonGenerator json) {
        json.writeArrayPropertyStart(name);
        counts.entrySet().stream()
                // What was deleted between the two looks has no text any more.
                .filter(entry -> texts.containsKey(entry.getKey()))
                .sorted(Map.Entry.<Long, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(entry -> String.valueOf(texts.get(entry.getKey()))))
                .forEach(entry -> write(String.valueOf(texts.get(entry.getKey())), entry.getValue(), json));
        json.writeEndArray();
    }

    private static void write(
            String name, Cardinality counts, int top, ToLongFunction<Cardinality.Label> what, JsonGenerator json) {
        json.writeArrayPropertyStart(name);
        counts.labels().stream()
                .sorted(Comparator.comparingLong(what).reversed().thenComparing(label -> label.name))
                .limit(top)
                .forEach(label -> write(label.name, what.applyAsLong(label), json));
        json.writeEndArray();
    }

    private static void write(String name, long value, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeNumberProperty("value", value);
        json.writeEndObject();
    }
}
