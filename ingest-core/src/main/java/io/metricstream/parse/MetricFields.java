package io.metricstream.parse;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import io.metricstream.model.SampleBatch;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.head.SeriesTable;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * One metric: its fields as they are read, the rules they must keep, and the sample they make.
 *
 * <p>A field that stands twice counts as it stands last, errors included; the first error in the order name, value,
 * type, tags, timestamp is the one reported.
 *
 * <p>Thread: one event loop. Owns: the texts of the metric. Order: {@link #read}, then {@link #store}. Creates no
 * objects for a metric that is accepted and whose series is known.
 */
@OwnedBy(Role.EVENT_LOOP)
final class MetricFields {
    private static final String NO_TIMESTAMP =
            "wanted an integer number of milliseconds since 1970, or a string like" + " 2025-09-17T13:45:23.123Z";

    private SeriesTable series;
    private final TimeWindow window;
    private final KeyFields fields;
    private final TypeField type = new TypeField();

    private double value;
    private long timestampMillis;

    private @Nullable String valueProblem;
    private @Nullable String timestampProblem;
    private RejectReason timestampReason = RejectReason.TIMESTAMP;

    MetricFields(ParseLimits limits, SeriesTable series, TimeWindow window) {
        this.series = series;
        this.window = window;
        fields = new KeyFields(limits, "tags");
    }

    /** From now on series are looked up there. */
    void series(SeriesTable now) {
        series = now;
    }

    /** Reads the object whose start the parser stands on, to its end. */
    void read(JsonParser in) {
        fields.clear();
        valueProblem = "missing";
        type.clear();
        timestampMillis = window.arrivalMillis();
        timestampProblem = null;
        for (String field = in.nextName(); field != null; field = in.nextName()) {
            JsonToken token = in.nextToken();
            switch (field) {
                case "name" -> fields.name.read(in, token);
                case "value" -> readValue(in, token);
                case "type" -> type.read(in, token);
                case "tags" -> fields.tags.read(in, token);
                case "timestamp" -> readTimestamp(in, token);
                default -> {}
            }
            in.skipChildren();
        }
    }

    /**
     * Adds the sample to the batch, or its fault to the report.
     *
     * @return the ref of its series, where that is known; {@link SeriesTable#UNKNOWN} otherwise
     */
    int store(int index, SampleBatch into, ParseReport report) {
        String nameProblem = fields.name.problem();
        String typeProblem = type.problem();
        if (nameProblem != null) {
            report.reject(index, "name", RejectReason.NAME, nameProblem, "");
        } else if (valueProblem != null) {
            report.reject(index, "value", RejectReason.VALUE, valueProblem, shown(report));
        } else if (typeProblem != null) {
            report.reject(index, "type", RejectReason.TYPE, typeProblem, shown(report));
        } else if (!fields.writeKey(type.type())) {
            TagFields tags = fields.tags;
            String problem = tags.problem();
            report.reject(index, tags.problemField(), RejectReason.TAGS, problem == null ? "" : problem, shown(report));
        } else if (timestampProblem != null) {
            report.reject(index, "timestamp", timestampReason, timestampProblem, shown(report));
        } else {
            return add(into);
        }
        return SeriesTable.UNKNOWN;
    }

    /** The series as far as it is known, for the text of a refusal that is kept. */
    private String shown(ParseReport report) {
        if (!report.keepsMore()) {
            return "";
        }
        return fields.writeKey(type.type()) ? fields.shown() : fields.shownName();
    }

    private int add(SampleBatch into) {
        int ref = fields.ref(series, into);
        into.add(ref, timestampMillis, value);
        return ref >= 0 ? ref : SeriesTable.UNKNOWN;
    }

    private void readValue(JsonParser in, JsonToken token) {
        valueProblem = null;
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            valueProblem = TokenWords.found(token) + ", wanted a number";
            return;
        }
        value = JavaDoubleParser.parseDouble(in.getStringCharacters(), in.getStringOffset(), in.getStringLength());
        if (!Double.isFinite(value)) {
            valueProblem = "found " + TokenWords.quoted(in) + ", wanted a number within the range of a double";
        }
    }

    private void readTimestamp(JsonParser in, JsonToken token) {
        timestampMillis = window.arrivalMillis();
        timestampProblem = null;
        timestampReason = RejectReason.TIMESTAMP;
        switch (token) {
            case VALUE_NULL -> {}
            case VALUE_NUMBER_INT -> readIntegerTimestamp(in);
            case VALUE_STRING -> readTextTimestamp(in);
            case VALUE_NUMBER_FLOAT -> timestampProblem = "found " + TokenWords.quoted(in) + ", " + NO_TIMESTAMP;
            default -> timestampProblem = TokenWords.found(token) + ", " + NO_TIMESTAMP;
        }
    }

    private void readIntegerTimestamp(JsonParser in) {
        if (Integers.isLong(in.getStringCharacters(), in.getStringOffset(), in.getStringLength())) {
            admit(Integers.toLong(in.getStringCharacters(), in.getStringOffset(), in.getStringLength()));
        } else {
            timestampProblem = "found " + TokenWords.quoted(in) + ", " + NO_TIMESTAMP;
        }
    }

    private void readTextTimestamp(JsonParser in) {
        long millis = IsoTimestamp.millis(in.getStringCharacters(), in.getStringOffset(), in.getStringLength());
        if (millis == IsoTimestamp.NONE) {
            timestampProblem = "found \"" + TokenWords.quoted(in) + "\", " + NO_TIMESTAMP;
        } else {
            admit(millis);
        }
    }

    private void admit(long millis) {
        timestampMillis = millis;
        if (!window.admits(millis)) {
            timestampReason = window.reason(millis);
            timestampProblem = window.text(millis);
        }
    }
}
