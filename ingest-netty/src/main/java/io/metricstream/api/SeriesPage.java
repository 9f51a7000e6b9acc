package io.metricstream.api;

import io.metricstream.export.LabelsJson;
import io.metricstream.http.ApiException;
import io.metricstream.http.ApiRequest;
import io.metricstream.select.Question;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;

/** Tells the labels of the selected series, as they are read. */
final class SeriesPage implements PrometheusApi.StoragePage {
    private final PrometheusApi.StoredSamples stored;

    SeriesPage(PrometheusApi.StoredSamples stored) {
        this.stored = stored;
    }

    @Override
    public void answer(ApiRequest request, OutputStream out) throws ApiException, StorageFailure {
        var selected = SelectedSeries.of(request.parameters().selectorsWanted(), request);
        int limit = request.parameters().count("limit", 0);
        Question question = stored.now();
        try (SeriesCursor series = selected.open(question)) {
            JsonReply.write(out, json -> JsonReply.warnings(question, write(series, limit, json)));
        }
    }

    /** True where the limit cut it. */
    private static boolean write(SeriesCursor series, int limit, JsonGenerator json) throws StorageFailure {
        json.writeStartArray();
        int written = 0;
        boolean more = series.next();
        while (more && (limit == 0 || written < limit)) {
            LabelsJson.write(series.labels(), json);
            written++;
            more = series.next();
        }
        json.writeEndArray();
        return more;
    }
}
