package io.metricstream.api;

import io.metricstream.http.ApiException;
import io.metricstream.http.ApiRequest;
import io.metricstream.http.BadParameterException;
import io.metricstream.http.Parameters;
import io.metricstream.model.Labels;
import io.metricstream.select.Queryable;
import io.metricstream.select.Question;
import io.metricstream.select.Selection;
import io.metricstream.storage.StorageFailure;
import java.io.OutputStream;
import java.util.List;
import java.util.TreeSet;

/**
 * Tells the names of labels, and the values of one.
 *
 * <p>Limits: {@value #MOST} of them, for they have to be collected; what is cut is said in {@code warnings}.
 */
final class LabelPages {
    static final int MOST = 100_000;

    private final PrometheusApi.StoredSamples stored;

    LabelPages(PrometheusApi.StoredSamples stored) {
        this.stored = stored;
    }

    void names(ApiRequest request, OutputStream out) throws ApiException, StorageFailure {
        answer(request, out, Queryable::labelNames);
    }

    void values(ApiRequest request, OutputStream out) throws ApiException, StorageFailure {
        String label = EscapedName.read(request.label());
        if (label.isEmpty() || label.indexOf('\uFFFD') >= 0) {
            throw new BadParameterException("name", "wanted the name of a label, of at least one character in UTF-8");
        }
        answer(request, out, (queryable, selection, limit) -> queryable.labelValues(label, selection, limit));
    }

    /** How many are told: what is asked for, or as many as may be. */
    static int limit(Parameters parameters) {
        int asked = parameters.count("limit", 0);
        return asked == 0 ? MOST : Math.min(asked, MOST);
    }

    private interface Texts {
        List<String> of(Queryable queryable, Selection selection, int limit) throws StorageFailure;
    }

    private void answer(ApiRequest request, OutputStream out, Texts texts) throws ApiException, StorageFailure {
        var selected = SelectedSeries.of(request.parameters().selectors(), request);
        int limit = limit(request.parameters());
        Question question = stored.now();
        var union = new TreeSet<String>(Labels::compareText);
        for (Selection selection : selected.selections()) {
            // One more than is told shows whether there are more.
            union.addAll(texts.of(question, selection, limit + 1));
            while (union.size() > limit + 1) {
                union.pollLast();
            }
        }
        boolean truncated = union.size() > limit;
        JsonReply.write(out, json -> {
            json.writeStartArray();
            union.stream().limit(limit).forEach(json::writeString);
            json.writeEndArray();
            return JsonReply.warnings(question, truncated);
        });
    }
}
