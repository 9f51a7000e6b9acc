package io.metricstream.api;

import io.metricstream.http.ApiPage;
import io.metricstream.http.ApiRequest;
import io.metricstream.stats.RejectLog;
import io.metricstream.stats.RejectedSample;
import java.io.OutputStream;
import java.time.Instant;
import tools.jackson.core.JsonGenerator;

/** Tells which samples were refused last, the newest first. */
final class RejectsPage implements ApiPage {
    private final RejectLog rejects;

    RejectsPage(RejectLog rejects) {
        this.rejects = rejects;
    }

    @Override
    public void answer(ApiRequest request, OutputStream out) {
        JsonReply.writePlain(out, json -> {
            json.writeStartArray();
            rejects.newestFirst().forEach(sample -> write(sample, json));
            json.writeEndArray();
        });
    }

    private static void write(RejectedSample sample, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty(
                "time", Instant.ofEpochMilli(sample.timeMillis()).toString());
        json.writeStringProperty("client", sample.client());
        json.writeStringProperty("series", sample.series());
        json.writeStringProperty("reason", sample.reason());
        json.writeStringProperty("error", sample.text());
        json.writeEndObject();
    }
}
