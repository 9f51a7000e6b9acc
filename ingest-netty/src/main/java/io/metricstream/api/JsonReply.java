package io.metricstream.api;

import io.metricstream.select.Question;
import io.metricstream.storage.StorageFailure;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The envelope of a successful answer. Stateless. */
final class JsonReply {
    /** What Prometheus says where a limit cut an answer. */
    private static final String TRUNCATED = "results truncated due to limit";

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonReply() {}

    /** What is to be said of an answer: that a limit cut it, and what could not be read. */
    static List<String> warnings(Question asked, boolean truncated) {
        return warnings(asked, truncated, TRUNCATED);
    }

    /** The same, where incompleteness has a text of its own. */
    static List<String> warnings(Question asked, boolean incomplete, String why) {
        var warnings = new ArrayList<>(asked.warnings());
        if (incomplete) {
            warnings.add(why);
        }
        return warnings;
    }

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
            writeTexts("warnings", warnings, json);
            json.writeEndObject();
        }
    }

    /** Writes an answer about which warnings and infos are to be told. */
    static void writeAnnotated(OutputStream out, PlainData data, List<String> warnings, List<String> infos) {
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("status", "success");
            json.writeName("data");
            data.write(json);
            writeTexts("warnings", warnings, json);
            writeTexts("infos", infos, json);
            json.writeEndObject();
        }
    }

    private static void writeTexts(String name, List<String> texts, JsonGenerator json) {
        if (!texts.isEmpty()) {
            json.writeArrayPropertyStart(name);
            texts.forEach(json::writeString);
            json.writeEndArray();
        }
    }

    /** For what cannot fail. */
    interface PlainData {
        void write(JsonGenerator json);
    }

    static void writePlain(OutputStream out, PlainData data) {
        writeAnnotated(out, data, List.of(), List.of());
    }
}
