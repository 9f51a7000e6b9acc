package io.metricstream.api;

import io.metricstream.http.ApiException;
import io.metricstream.http.ApiRequest;
import io.metricstream.model.EpochClock;
import io.metricstream.model.SpecialValues;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Tells the newest sample of each selected series, for another Prometheus to scrape: what a query of this moment would find, with
 * the time that it has. Immutable.
 */
final class FederatePage implements PrometheusApi.StoragePage {
    /** How a scraper says that it reads names of any characters. */
    private static final String ANY_NAMES = "escaping=allow-utf-8";

    private final PrometheusApi.StoredSamples stored;
    private final EpochClock clock;
    private final Duration lookback;

    FederatePage(PrometheusApi.StoredSamples stored, EpochClock clock, Duration lookback) {
        this.stored = stored;
        this.clock = clock;
        this.lookback = lookback;
    }

    @Override
    public void answer(ApiRequest request, OutputStream out) throws ApiException, StorageFailure, IOException {
        long now = clock.millis();
        var selected = SelectedSeries.of(
                request.parameters().selectorsWanted(), now - lookback.toMillis() + 1, now, request.cancellation());
        var text = new FederationText(out, request.accept().contains(ANY_NAMES));
        try (SeriesCursor series = selected.open(stored.now())) {
            while (series.next()) {
                tell(series, text);
            }
            text.end();
        }
    }

    private static void tell(SeriesCursor series, FederationText text)
            throws ApiException, StorageFailure, IOException {
        SampleRuns runs = series.samples();
        long timeMillis = 0;
        double value = SpecialValues.STALE;
        while (runs.next()) {
            int last = runs.count() - 1;
            timeMillis = runs.timestampsMillis()[last];
            value = runs.values()[last];
        }
        if (!SpecialValues.isStale(value)) {
            text.add(series.labels(), value, timeMillis);
        }
    }
}
