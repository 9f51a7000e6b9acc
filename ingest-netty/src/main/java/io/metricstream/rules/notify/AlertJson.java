package io.metricstream.rules.notify;

import io.metricstream.promql.text.GoText;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Alerts as version 2 of an Alertmanager's API takes them. Stateless. */
final class AlertJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private AlertJson() {}

    static byte[] write(List<AlertMessage> alerts) {
        var out = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartArray();
            for (AlertMessage alert : alerts) {
                json.writeStartObject();
                writeTexts("labels", alert.labels(), json);
                writeTexts("annotations", alert.annotations(), json);
                json.writeStringProperty(
                        "startsAt", Instant.ofEpochMilli(alert.startsAtMillis()).toString());
                json.writeStringProperty(
                        "endsAt", Instant.ofEpochMilli(alert.endsAtMillis()).toString());
                json.writeStringProperty("generatorURL", alert.generatorUrl());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return out.toByteArray();
    }

    private static void writeTexts(String name, Map<String, String> texts, JsonGenerator json) {
        json.writeObjectPropertyStart(name);
        new TreeMap<>(texts).forEach((key, text) -> json.writeStringProperty(key, GoText.toUtf8(text)));
        json.writeEndObject();
    }
}
