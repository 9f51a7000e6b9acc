package io.metricstream.api;

import io.metricstream.http.ApiPage;
import io.metricstream.http.ApiRequest;
import io.metricstream.promql.text.GoNumber;
import io.metricstream.promql.text.GoText;
import io.metricstream.rules.AlertView;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/** Tells the alerts that are pending or firing. */
final class AlertsPage implements ApiPage {
    /** The time that Go has for never. */
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private final Supplier<List<AlertView>> alerts;

    AlertsPage(Supplier<List<AlertView>> alerts) {
        this.alerts = alerts;
    }

    @Override
    public void answer(ApiRequest request, OutputStream out) {
        JsonReply.writePlain(out, json -> {
            json.writeStartObject();
            writeAlerts(alerts.get(), json);
            json.writeEndObject();
        });
    }

    static void writeAlerts(List<AlertView> alerts, JsonGenerator json) {
        json.writeArrayPropertyStart("alerts");
        alerts.forEach(alert -> write(alert, json));
        json.writeEndArray();
    }

    static void writeTexts(String name, Map<String, String> texts, JsonGenerator json) {
        json.writeObjectPropertyStart(name);
        new TreeMap<>(texts).forEach((key, value) -> json.writeStringProperty(key, GoText.toUtf8(value)));
        json.writeEndObject();
    }

    static String time(long millis) {
        return millis == 0 ? NEVER : Instant.ofEpochMilli(millis).toString();
    }

    private static void write(AlertView alert, JsonGenerator json) {
        json.writeStartObject();
        json.writeName("labels");
        QueryReply.writeLabels(alert.labels(), json);
        writeTexts("annotations", alert.annotations(), json);
        json.writeStringProperty("state", alert.state().text());
        json.writeStringProperty("activeAt", time(alert.activeAtMillis()));
        if (alert.keepFiringSinceMillis() != 0) {
            json.writeStringProperty("keepFiringSince", time(alert.keepFiringSinceMillis()));
        }
        json.writeStringProperty("value", GoNumber.exponent(alert.value()));
        json.writeEndObject();
    }
}
