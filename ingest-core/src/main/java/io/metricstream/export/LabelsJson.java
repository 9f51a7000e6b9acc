package io.metricstream.export;

import io.metricstream.model.Labels;
import tools.jackson.core.JsonGenerator;

/** Labels as a JSON object of strings. Thread: any; stateless. */
public final class LabelsJson {
    private LabelsJson() {}

    public static void write(Labels labels, JsonGenerator json) {
        json.writeStartObject();
        for (int i = 0; i < labels.size(); i++) {
            json.writeStringProperty(labels.name(i), labels.value(i));
        }
        json.writeEndObject();
    }
}
