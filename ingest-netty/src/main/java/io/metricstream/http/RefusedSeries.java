package io.metricstream.http;

import io.metricstream.limit.Client;
import io.metricstream.model.SampleBatch;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.parse.ParseReport;
import io.metricstream.parse.RejectReason;
import io.metricstream.ring.WriteRequest;
import java.util.EnumMap;

/**
 * Says and counts of which samples the disk writer could not create the series, and keeps refusals for those who ask later: the
 * newest of all clients, and the numbers of each.
 *
 * <p>Thread: its event loop.
 */
@OwnedBy(Role.EVENT_LOOP)
final class RefusedSeries {
    private final HttpServices services;

    RefusedSeries(HttpServices services) {
        this.services = services;
    }

    /** Adds those of a request that is through to its report. */
    void add(WriteRequest request, ParseReport report, Client from) {
        int known = report.errorCount();
        int[] refs = request.batch().refs();
        var samples = new EnumMap<RejectReason, Integer>(RejectReason.class);
        for (int i = 0; i < request.batch().count(); i++) {
            // What is not refused is stored, or counted as withheld.
            if (WriteRequest.isRefused(refs[i])) {
                samples.merge(add(request, i, report), 1, Integer::sum);
            }
        }
        long nowNanos = services.nanoClock().nanos();
        samples.forEach((why, count) -> {
            services.stats().onNotStored(why, count);
            from.onRejected(nowNanos, why.text(), count);
        });
        remember(report, known, from);
    }

    /** Keeps what a parser has refused of a request or of a portion of it. */
    void onParsed(ParseReport report, Client from) {
        long nowNanos = services.nanoClock().nanos();
        for (RejectReason why : RejectReason.values()) {
            if (report.rejectedBy(why) > 0) {
                from.onRejected(nowNanos, why.text(), report.rejectedBy(why));
            }
        }
        remember(report, 0, from);
    }

    private void remember(ParseReport report, int fromError, Client from) {
        long nowMillis = services.epochClock().millis();
        services.stats().rejects().add(report, fromError, from.name(), nowMillis);
    }

    private RejectReason add(WriteRequest request, int sample, ParseReport report) {
        int ref = request.batch().refs()[sample];
        RejectReason why;
        String limit;
        switch (WriteRequest.whyNot(ref)) {
            case WriteRequest.METRIC_FULL -> {
                why = RejectReason.METRIC_SERIES_LIMIT;
                limit = "the metric has as many as it may have (limits.series-per-metric)";
            }
            case WriteRequest.CLIENT_FULL -> {
                why = RejectReason.NEW_SERIES_LIMIT;
                limit = "the client has had as many in the last hour as it may have (limits.new-series)";
            }
            default -> {
                why = RejectReason.SERIES_LIMIT;
                limit = "there are " + services.series().get().size()
                        + " already, which is all there is room for (limits.series, limits.series-bytes)";
            }
        }
        String series = report.keepsMore() ? shown(request.batch(), WriteRequest.refusedSeries(ref)) : "";
        report.add(report.metricIndexOf(sample), "name", why, "a new series, but " + limit, series);
        return why;
    }

    private static String shown(SampleBatch batch, int newSeries) {
        return SeriesKey.parse(
                        batch.newSeriesKeys(), batch.newSeriesOffset(newSeries), batch.newSeriesLength(newSeries))
                .shown();
    }
}
