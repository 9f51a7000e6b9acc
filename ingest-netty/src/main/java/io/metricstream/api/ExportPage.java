package io.metricstream.api;

import io.metricstream.export.SampleLines;
import io.metricstream.http.ApiException;
import io.metricstream.http.ApiRequest;
import io.metricstream.http.BadParameterException;
import io.metricstream.http.Refusal;
import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Queryable;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;

/**
 * Gives the samples of selected series as lines, as they are read.
 *
 * <p>Limits: {@value #AT_ONCE} at once, so that slow readers of them leave workers for other questions.
 */
@ThreadSafe("immutable but for a semaphore; each answer has lines of its own")
final class ExportPage implements PrometheusApi.StoragePage {
    private static final int AT_ONCE = 4;

    private final PrometheusApi.StoredSamples stored;
    private final Semaphore free = new Semaphore(AT_ONCE);

    ExportPage(PrometheusApi.StoredSamples stored) {
        this.stored = stored;
    }

    @Override
    public void answer(ApiRequest request, OutputStream out) throws ApiException, StorageFailure, IOException {
        var selected = SelectedSeries.of(request.parameters().selectorsWanted(), request);
        int perLine = request.parameters().count("max_rows_per_line", SampleLines.MOST);
        if (perLine < 1 || perLine > SampleLines.MOST) {
            throw new BadParameterException(
                    "max_rows_per_line", "found " + perLine + ", wanted 1 to " + SampleLines.MOST);
        }
        Queryable queryable = stored.now();
        if (!free.tryAcquire()) {
            throw new ApiException(Refusal.unavailable("busy", "too many exports at once", 1));
        }
        try (SeriesCursor series = selected.open(queryable)) {
            var lines = new SampleLines(out, perLine);
            while (series.next()) {
                lines.open(series.labels(), series.type());
                SampleRuns samples = series.samples();
                while (samples.next()) {
                    lines.add(samples.timestampsMillis(), samples.values(), samples.count());
                }
                lines.end();
            }
        } finally {
            free.release();
        }
    }
}
