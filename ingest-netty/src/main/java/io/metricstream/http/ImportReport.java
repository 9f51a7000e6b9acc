package io.metricstream.http;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.parse.ParseReport;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of the samples of an import, over all of its portions.
 *
 * <p>Thread: its event loop. Limits: {@value #MOST_ERRORS} errors with their text.
 */
@OwnedBy(Role.EVENT_LOOP)
final class ImportReport {
    private static final int MOST_ERRORS = 100;

    private final List<LineError> errors = new ArrayList<>();
    private long received;
    private long stored;

    private record LineError(int line, String field, String reason) {}

    void add(ParseReport portion, int storedOfIt) {
        received += portion.received();
        stored += storedOfIt;
        for (int i = 0; i < portion.errorCount() && errors.size() < MOST_ERRORS; i++) {
            errors.add(new LineError(portion.errorIndex(i), portion.errorField(i), portion.errorReason(i)));
        }
    }

    long rejected() {
        return received - stored;
    }

    Answer answer() {
        return Answer.json(400, Answer.write(json -> {
            json.writeStringProperty("error", rejected() + " of " + received + " samples were rejected");
            json.writeStringProperty("code", "invalid_samples");
            json.writeNumberProperty("accepted", stored);
            json.writeNumberProperty("rejected", rejected());
            json.writeArrayPropertyStart("errors");
            for (LineError error : errors) {
                json.writeStartObject();
                json.writeNumberProperty("line", error.line());
                json.writeStringProperty("field", error.field());
                json.writeStringProperty("reason", error.reason());
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }
}
