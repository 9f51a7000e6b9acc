package io.metricstream.http;

import io.metricstream.limit.Client;
import io.metricstream.limit.RateDecision;
import io.metricstream.model.SampleBatch;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.parse.BodyFormat;
import io.metricstream.parse.ParseReport;
import io.metricstream.parse.ParseTrail;
import io.metricstream.parse.RejectReason;
import io.metricstream.ring.WriteOutcome;
import io.metricstream.ring.WriteRequest;
import io.metricstream.ring.WriteRing;
import io.metricstream.stats.IngestStats;
import org.jspecify.annotations.Nullable;

/**
 * A write from its whole body to its answer: parse, count, hand to the disk writer, and say what became of it.
 *
 * <p>Thread: its event loop; {@link #request} is the disk writer's while it is in the ring. Reused.
 */
@OwnedBy(Role.EVENT_LOOP)
final class PendingWrite implements WriteRequest.Answer {
    final WriteRequest request;
    private final LoopContext loop;
    private final ParseReport report = new ParseReport();
    private @Nullable Exchange exchange;
    private @Nullable Client client;

    PendingWrite(LoopContext loop) {
        this.loop = loop;
        this.request = new WriteRequest(loop, this);
    }

    /** Takes a whole body; answers at once, or after the disk writer is through. */
    void take(Exchange of, Client from, BodyFormat format, ParseTrail trail, @Borrowed byte[] body, int length) {
        boolean parsed = loop.parser.parse(body, 0, length, format, trail, request.batch(), report);
        if (!parsed) {
            finish(of, Answer.malformed(report), report.message());
            return;
        }
        IngestStats stats = loop.services.stats();
        stats.onParsed(report);
        if (report.rejected() > 0) {
            remember(from, 0);
        }
        int accepted = report.accepted();
        if (accepted == 0 || (of.allOrNothing && report.rejected() > 0)) {
            stats.onWithheld(accepted);
            finishRejects(of, 0);
            return;
        }
        RateDecision decision = from.trySamples(loop.services.nanoClock().nanos(), accepted);
        if (!decision.allowed()) {
            stats.onLimited(accepted);
            of.connection.refuseRate(of, from, decision, accepted);
            loop.giveBack(this);
            return;
        }
        WriteRing ring = loop.services.admission().ring();
        request.allOrNothing(of.allOrNothing);
        request.client(from.name());
        exchange = of;
        client = from;
        stats.onEnqueued(accepted);
        if (!ring.tryPublish(request)) {
            exchange = null;
            client = null;
            stats.onLeft(accepted);
            stats.onUnavailable(accepted);
            Refusal refusal = loop.services.admission().ringFull();
            finish(of, Answer.refusal(refusal), refusal.message());
        }
    }

    @Override
    public void onOutcome(WriteRequest done) {
        Exchange of = exchange;
        Client from = client;
        exchange = null;
        client = null;
        if (of == null || from == null) {
            throw new IllegalStateException("an outcome for a write that is not under way");
        }
        IngestStats stats = loop.services.stats();
        int count = request.batch().count();
        stats.onLeft(count);
        WriteOutcome outcome = request.outcome();
        switch (outcome) {
            case STORED -> onStored(of, from, count - request.notStored());
            case REFUSED -> {
                addRefusedSeries(from);
                stats.onWithheld(count - request.notStored());
                finishRejects(of, 0);
            }
            case DISK_FULL, FLUSH_BEHIND, FAILED -> {
                stats.onUnavailable(count);
                Refusal refusal = loop.services.admission().check();
                if (refusal == null) {
                    refusal = outcome == WriteOutcome.FLUSH_BEHIND
                            ? Refusal.unavailable("flush_behind", "flushing to the disk was behind", 1)
                            : Refusal.unavailable("disk_full", "the disk was full", 1);
                }
                finish(of, Answer.refusal(refusal), refusal.message());
            }
        }
    }

    private void onStored(Exchange of, Client from, int stored) {
        if (stored > 0) {
            loop.services.stats().onStored(stored);
            from.onStored(loop.services.nanoClock().nanos(), stored);
        }
        if (request.notStored() > 0) {
            addRefusedSeries(from);
        }
        if (stored == report.received()) {
            of.connection.answerStored(of, stored);
            loop.giveBack(this);
        } else {
            finishRejects(of, stored);
        }
    }

    private void addRefusedSeries(Client from) {
        int known = report.errorCount();
        int[] refs = request.batch().refs();
        for (int i = 0; i < request.batch().count(); i++) {
            // What is not refused is stored, or counted as withheld.
            if (WriteRequest.isRefused(refs[i])) {
                addRefusedSeries(i, refs[i]);
            }
        }
        remember(from, known);
    }

    private void addRefusedSeries(int sample, int ref) {
        switch (WriteRequest.whyNot(ref)) {
            case WriteRequest.METRIC_FULL ->
                addRefusedSeries(
                        sample,
                        ref,
                        RejectReason.METRIC_SERIES_LIMIT,
                        "the metric has as many as it may have (limits.series-per-metric)");
            case WriteRequest.CLIENT_FULL ->
                addRefusedSeries(
                        sample,
                        ref,
                        RejectReason.NEW_SERIES_LIMIT,
                        "the client has had as many in the last hour as it may have (limits.new-series)");
            default ->
                addRefusedSeries(
                        sample,
                        ref,
                        RejectReason.SERIES_LIMIT,
                        "there are " + loop.services.series().get().size()
                                + " already, which is all there is room for (limits.series, limits.series-bytes)");
        }
    }

    private void addRefusedSeries(int sample, int ref, RejectReason why, String limit) {
        String series = report.keepsMore() ? refusedSeries(WriteRequest.refusedSeries(ref)) : "";
        report.add(report.metricIndexOf(sample), "name", why, "a new series, but " + limit, series);
        loop.services.stats().onNotStored(why);
    }

    private String refusedSeries(int newSeries) {
        SampleBatch batch = request.batch();
        return SeriesKey.parse(
                        batch.newSeriesKeys(), batch.newSeriesOffset(newSeries), batch.newSeriesLength(newSeries))
                .shown();
    }

    /** Keeps what the report has from this error on for those who ask later. */
    private void remember(Client from, int fromError) {
        long nowMillis = loop.services.epochClock().millis();
        loop.services.stats().rejects().add(report, fromError, from.name(), nowMillis);
    }

    private void finishRejects(Exchange of, int accepted) {
        if (report.received() == 0) {
            of.connection.answerStored(of, 0);
            loop.giveBack(this);
            return;
        }
        finish(of, Answer.rejects(report, accepted), (report.received() - accepted) + " metrics rejected");
    }

    private void finish(Exchange of, Answer answer, String message) {
        of.connection.answerError(of, answer, message);
        loop.giveBack(this);
    }
}
