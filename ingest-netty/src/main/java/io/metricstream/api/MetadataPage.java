package io.metricstream.api;

import io.metricstream.http.ApiException;
import io.metricstream.http.ApiRequest;
import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.select.Matcher;
import io.metricstream.select.Question;
import io.metricstream.select.Selection;
import io.metricstream.storage.StorageFailure;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/**
 * Tells the types under which metrics were written. There are no helps and no units.
 *
 * <p>Limits: {@value LabelPages#MOST} metrics, for they have to be collected; what is cut is said in {@code warnings}.
 */
final class MetadataPage implements PrometheusApi.StoragePage {
    private final PrometheusApi.StoredSamples stored;

    MetadataPage(PrometheusApi.StoredSamples stored) {
        this.stored = stored;
    }

    @Override
    public void answer(ApiRequest request, OutputStream out) throws ApiException, StorageFailure {
        String metric = request.parameters().first("metric", "");
        int limit = LabelPages.limit(request.parameters());
        int perMetric = request.parameters().count("limit_per_metric", 0);
        List<Matcher> matchers = metric.isEmpty() ? List.of() : List.of(Matcher.equal(Labels.NAME, metric));
        Question question = stored.now();
        Map<String, Set<MetricType>> types = question.types(
                new Selection(matchers, Long.MIN_VALUE, Long.MAX_VALUE, request.cancellation()), limit + 1);
        JsonReply.write(out, json -> {
            json.writeStartObject();
            types.entrySet().stream().limit(limit).forEach(entry -> write(entry, perMetric, json));
            json.writeEndObject();
            return JsonReply.warnings(question, types.size() > limit);
        });
    }

    private static void write(Map.Entry<String, Set<MetricType>> metric, int perMetric, JsonGenerator json) {
        json.writeArrayPropertyStart(metric.getKey());
        metric.getValue().stream()
                .limit(perMetric == 0 ? Long.MAX_VALUE : perMetric)
                .forEach(type -> {
                    json.writeStartObject();
                    json.writeStringProperty("type", type.text());
                    json.writeStringProperty("help", "");
                    json.writeStringProperty("unit", "");
                    json.writeEndObject();
                });
        json.writeEndArray();
    }
}
