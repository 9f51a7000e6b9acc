package io.metricstream.api;

import io.metricstream.storage.StorageFailure;
import java.io.OutputStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The envelope of a successful answer. Stateless. */
final class JsonReply {
    /** What Prometheus says where a limit cut an answer. */
    static final List<String> TRUNCATED = List.of("results truncated due to limit");

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonReply() {}

    /** Writes the value of {@code data}, and tells what is to be known about it. */
    interface Data {
        List<String> write(JsonGenerator json) throws StorageFailure;
    }

    static void write(OutputStream out, Data data) throws StorageFailure {
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("status", "success");
            json.writeName("data");
            List<String> warnings = data.write(json);
            if (!warnings.isEmpty()) {
                json.writeArrayPropertyStart("warnings");
                warnings.forEach(json::writeString);
                json.writeEndArray();
            }
            json.writeEndObject();
        }
    }

    /** For what cannot fail. */
    interface PlainData {
        void write(JsonGenerator json);
    }

    static void writePlain(OutputStream out, PlainData data) {
        try {
            write(out, json -> {
                data.write(json);
                return List.of();
            });
        } catch (StorageFailure e) {
            throw new IllegalStateException("nothing was read", e);
        }
    }
}
