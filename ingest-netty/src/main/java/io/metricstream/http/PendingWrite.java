package io.metricstream.http;

import io.metricstream.limit.Client;
import io.metricstream.limit.RateDecision;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.parse.BodyFormat;
import io.metricstream.parse.ParseReport;
import io.metricstream.parse.ParseTrail;
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
            loop.refusedSeries.onParsed(report, from);
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
            of.refuseRate(from, decision, accepted);
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
        int count = request.batch().count();
        loop.services.stats().onLeft(count);
        try {
            answer(of, from, count);
        } catch (Throwable bug) {
            of.onBug(bug);
        }
    }

    private void answer(Exchange of, Client from, int count) {
        IngestStats stats = loop.services.stats();
        WriteOutcome outcome = request.outcome();
        switch (outcome) {
            case STORED -> onStored(of, from, count - request.notStored());
            case REFUSED -> {
                loop.refusedSeries.add(request, report, from);
                stats.onWithheld(count - request.notStored());
                finishRejects(of, 0);
            }
            case DISK_FULL, FLUSH_BEHIND, FAILED -> {
                stats.onUnavailable(count);
                Refusal refusal = loop.services.admission().unavailable(outcome);
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
            loop.refusedSeries.add(request, report, from);
        }
        if (stored == report.received()) {
            of.answerStored(stored);
            loop.giveBack(this);
        } else {
            finishRejects(of, stored);
        }
    }

    private void finishRejects(Exchange of, int accepted) {
        if (report.received() == 0) {
            of.answerStored(0);
            loop.giveBack(this);
            return;
        }
        finish(of, Answer.rejects(report, accepted), (report.received() - accepted) + " metrics rejected");
    }

    private void finish(Exchange of, Answer answer, String message) {
        of.answerError(answer, message);
        loop.giveBack(this);
    }
}
