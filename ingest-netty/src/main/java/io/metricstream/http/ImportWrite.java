package io.metricstream.http;

import io.metricstream.limit.Client;
import io.metricstream.limit.RateDecision;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.Transferred;
import io.metricstream.parse.ParseReport;
import io.metricstream.parse.SeriesLinesReader;
import io.metricstream.ring.WriteOutcome;
import io.metricstream.ring.WriteRequest;
import io.metricstream.stats.IngestStats;

/**
 * An import from its whole body to its answer: one portion after the other is parsed, counted and handed to the disk
 * writer, and the next one when that is through. Whatever ends it early, what was stored before stays.
 *
 * <p>Thread: its event loop; {@link #request} is the disk writer's while it is in the ring. Owns: the body, counted in
 * {@link BodyMemory} until the answer is made.
 */
@OwnedBy(Role.EVENT_LOOP)
final class ImportWrite implements WriteRequest.Answer {
    private final LoopContext loop;
    private final Exchange exchange;
    private final Client client;
    private final SeriesLinesReader lines;
    private final WriteRequest request;
    private final ParseReport portion = new ParseReport();
    private final ImportReport report = new ImportReport();
    private boolean more = true;
    private int heldBytes;

    /** Takes a body, whose memory is taken already. */
    ImportWrite(LoopContext loop, Exchange exchange, Client client, @Transferred byte[] body) {
        this.loop = loop;
        this.exchange = exchange;
        this.client = client;
        this.heldBytes = body.length;
        this.lines = loop.parser.seriesLines(body);
        this.request = new WriteRequest(loop, this);
    }

    /** Goes on with the next portion. */
    void next() {
        try {
            publishNext();
        } catch (Throwable bug) {
            onBug(bug);
        }
    }

    private void publishNext() {
        more = lines.read(request.batch(), portion);
        IngestStats stats = loop.services.stats();
        stats.onParsed(portion);
        if (portion.rejected() > 0) {
            loop.refusedSeries.onParsed(portion, client);
        }
        int accepted = portion.accepted();
        if (accepted == 0) {
            onPortionDone(0);
            return;
        }
        RateDecision decision = client.trySamples(loop.services.nanoClock().nanos(), accepted);
        if (!decision.allowed()) {
            stats.onLimited(accepted);
            giveBackMemory();
            exchange.refuseRate(client, decision, accepted);
            return;
        }
        request.client(client.name());
        stats.onEnqueued(accepted);
        if (!loop.services.admission().ring().tryPublish(request)) {
            stats.onLeft(accepted);
            stats.onUnavailable(accepted);
            refuse(loop.services.admission().ringFull());
        }
    }

    @Override
    public void onOutcome(WriteRequest done) {
        int count = request.batch().count();
        loop.services.stats().onLeft(count);
        try {
            onOutcome(count);
        } catch (Throwable bug) {
            onBug(bug);
        }
    }

    private void onOutcome(int count) {
        IngestStats stats = loop.services.stats();
        WriteOutcome outcome = request.outcome();
        if (outcome != WriteOutcome.STORED) {
            stats.onUnavailable(count);
            refuse(loop.services.admission().unavailable(outcome));
            return;
        }
        int stored = count - request.notStored();
        if (stored > 0) {
            stats.onStored(stored);
            client.onStored(loop.services.nanoClock().nanos(), stored);
        }
        if (request.notStored() > 0) {
            loop.refusedSeries.add(request, portion, client);
        }
        onPortionDone(stored);
    }

    private void onPortionDone(int stored) {
        report.add(portion, stored);
        if (more) {
            // In a turn of its own, so that other connections have theirs.
            exchange.connection.onOwnLoop(this::next);
            return;
        }
        giveBackMemory();
        if (report.rejected() == 0) {
            exchange.answer(Answer.empty(204));
        } else {
            exchange.answerError(report.answer(), report.rejected() + " samples rejected");
        }
    }

    private void refuse(Refusal refusal) {
        giveBackMemory();
        exchange.refuse(refusal);
    }

    private void onBug(Throwable bug) {
        giveBackMemory();
        exchange.onBug(bug);
    }

    private void giveBackMemory() {
        loop.bodyMemory.giveBack(heldBytes);
        heldBytes = 0;
    }
}
