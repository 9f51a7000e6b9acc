package io.metricstream.http;

import io.metricstream.limit.ClientCounts;
import io.metricstream.parse.RejectReason;
import io.metricstream.stats.IngestStats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** The answers that are about the server itself. Stateless apart from what it reads. */
final class InfoPages {
    private final HttpServices services;
    private final HttpStats stats;
    /** When these counts began, by the clock on the wall; another value means another process. */
    private final long startMillis;

    InfoPages(HttpServices services, HttpStats stats) {
        this.services = services;
        this.stats = stats;
        this.startMillis = services.epochClock().millis();
    }

    Answer health() {
        return Answer.json(200, "{\"status\":\"up\"}");
    }

    Answer ready() {
        Readiness readiness = services.admission().readiness();
        Refusal refusal = readiness.refusal();
        Answer answer = Answer.json(refusal == null ? 200 : 503, Answer.write(json -> {
            json.writeStringProperty("status", refusal == null ? "ready" : "not ready");
            if (refusal != null) {
                json.writeStringProperty("error", refusal.message());
                json.writeStringProperty("code", refusal.code());
            }
            json.writeStringProperty("state", readiness.state());
            json.writeStringProperty("durability", readiness.durability());
            json.writeNumberProperty("recovered_bytes", readiness.recoveredBytes());
            json.writeNumberProperty("recovery_bytes", readiness.recoveryBytes());
        }));
        if (refusal != null) {
            answer.header("retry-after", String.valueOf(Math.max(1, refusal.retryAfterSeconds())));
        }
        return answer;
    }

    /** Renders the whole registry, compressed or not; takes a millisecond or more, so not on an event loop. */
    Answer scrape(StatsFormat format, boolean gzip) {
        byte[] text = services.registry().scrape(format.contentType()).getBytes(StandardCharsets.UTF_8);
        Answer answer = gzip
                ? Answer.of(200, format.contentType(), packed(text)).header("content-encoding", "gzip")
                : Answer.of(200, format.contentType(), text);
        return answer.header("vary", "accept, accept-encoding");
    }

    private static byte[] packed(byte[] text) {
        var packed = new ByteArrayOutputStream(text.length / 4);
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException("memory took no bytes", e);
        }
        return packed.toByteArray();
    }

    /** The statistics as the first version of this system had them, and more behind, down to those of the asking client. */
    Answer json(String clientName, long nowNanos) {
        IngestStats ingest = services.stats();
        ClientCounts asking = services.clients().counts(clientName, nowNanos);
        return Answer.json(200, Answer.write(json -> {
            json.writeNumberProperty("metrics_received", ingest.received());
            json.writeNumberProperty("batches_processed", ingest.batches());
            json.writeNumberProperty("validation_errors", ingest.rejected());
            json.writeNumberProperty("rate_limited_requests", stats.rateLimited());
            json.writeNumberProperty("metrics_stored", ingest.stored());
            json.writeObjectPropertyStart("metrics_rejected");
            for (RejectReason reason : RejectReason.values()) {
                json.writeNumberProperty(reason.text(), ingest.rejected(reason));
            }
            json.writeEndObject();
            json.writeNumberProperty("metrics_withheld", ingest.withheld());
            json.writeNumberProperty("metrics_rate_limited", ingest.limited());
            json.writeNumberProperty("metrics_unavailable", ingest.unavailable());
            json.writeNumberProperty("metrics_in_flight", ingest.inFlight());
            json.writeNumberProperty("series", services.series().get().size());
            json.writeNumberProperty("connections", stats.connections());
            json.writeNumberProperty("clients", services.clients().size());
            json.writeNumberProperty("started_millis", startMillis);
            json.writeObjectPropertyStart("client");
            json.writeStringProperty("name", asking.name());
            json.writeNumberProperty("requests_allowed", asking.counts().allowed());
            json.writeNumberProperty("requests_refused", asking.counts().refused());
            json.writeNumberProperty("metrics_stored", asking.samplesStored());
            json.writeEndObject();
        }));
    }
}
