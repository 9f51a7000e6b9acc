package io.metricstream.http;

import io.metricstream.parse.RejectReason;
import io.metricstream.stats.IngestStats;
import java.nio.charset.StandardCharsets;

/** The answers that are about the server itself. Stateless apart from what it reads. */
final class InfoPages {
    private final HttpServices services;
    private final HttpStats stats;

    InfoPages(HttpServices services, HttpStats stats) {
        this.services = services;
        this.stats = stats;
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

    /** Renders the whole registry; takes a millisecond or more, so not on an event loop. */
    Answer scrape(StatsFormat format) {
        byte[] text = services.registry().scrape(format.contentType()).getBytes(StandardCharsets.UTF_8);
        return Answer.of(200, format.contentType(), text);
    }

    /** The statistics as the first version of this system had them, and more behind. */
    Answer json() {
        IngestStats ingest = services.stats();
        var json = new StringBuilder(512);
        json.append("{\"metrics_received\":").append(ingest.received());
        json.append(",\"batches_processed\":").append(ingest.batches());
        json.append(",\"validation_errors\":").append(ingest.rejected());
        json.append(",\"rate_limited_requests\":").append(stats.rateLimited());
        json.append(",\"metrics_stored\":").append(ingest.stored());
        json.append(",\"metrics_rejected\":{");
        String separator = "";
        for (RejectReason reason : RejectReason.values()) {
            json.append(separator)
                    .append('"')
                    .append(reason.text())
                    .append("\":")
                    .append(ingest.rejected(reason));
            separator = ",";
        }
        json.append("},\"metrics_withheld\":").append(ingest.withheld());
        json.append(",\"metrics_rate_limited\":").append(ingest.limited());
        json.append(",\"metrics_unavailable\":").append(ingest.unavailable());
        json.append(",\"metrics_in_flight\":").append(ingest.inFlight());
        json.append(",\"series\":").append(services.series().size());
        json.append(",\"connections\":").append(stats.connections());
        json.append(",\"clients\":").append(services.clients().size()).append('}');
        return Answer.json(200, json.toString());
    }
}
