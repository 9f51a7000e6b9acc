package io.metricstream.parse;

import io.metricstream.model.SampleBatch;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.head.SeriesTable;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A line with a series and any number of its samples. It is read twice: once to its end, to know that it is whole, and
 * once more, values beside timestamps, to take the samples, so that its length takes no memory.
 *
 * <p>Thread: one event loop. Owns: the texts of the series and two parsers. Order: {@link #open}, and while {@link #isOpen}
 * {@link #addTo}.
 */
@OwnedBy(Role.EVENT_LOOP)
final class SeriesLine {
    private static final String METRIC = "metric";
    private static final int NOWHERE = -1;

    private final JsonFactory json;
    private final KeyFields fields;
    private final TypeField type = new TypeField();
    private final SampleColumns samples;

    private int number;
    private @Nullable String metricProblem;
    private final ColumnPlace values = new ColumnPlace();
    private final ColumnPlace times = new ColumnPlace();
    private int left;

    SeriesLine(ParseLimits limits, TimeWindow window, JsonFactory json) {
        this.json = json;
        fields = new KeyFields(limits, METRIC);
        samples = new SampleColumns(window);
    }

    /** Where an array begins, and how many items it has. */
    private static final class ColumnPlace {
        private int at = NOWHERE;
        private int count;
        private String problem = "missing";

        void clear() {
            at = NOWHERE;
            count = 0;
            problem = "missing";
        }

        /** Reads the value the parser stands on to its end. */
        void read(JsonParser in, JsonToken token) {
            clear();
            if (token != JsonToken.START_ARRAY) {
                problem = TokenWords.found(token) + ", wanted an array";
                return;
            }
            at = (int) in.currentTokenLocation().getByteOffset();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                in.skipChildren();
                count++;
            }
        }
    }

    /** The line's number, counted from 1. */
    int number() {
        return number;
    }

    /** Whether samples of it are still to be taken. */
    boolean isOpen() {
        return left > 0;
    }

    /** Takes a line; one that cannot be used is refused with all of its samples, and is not open. */
    void open(@Borrowed byte[] body, int start, int end, int lineNumber, ParseReport report) {
        number = lineNumber;
        left = 0;
        int invalid = Utf8Check.firstInvalid(body, start, end);
        if (invalid >= 0) {
            refuseText(invalid - start, Faults.NOT_UTF8, report);
            return;
        }
        try (JsonParser in = json.createParser(ObjectReadContext.empty(), body, start, end - start)) {
            JsonToken token = in.nextToken();
            if (token == JsonToken.START_OBJECT) {
                read(in);
            } else {
                in.skipChildren();
            }
            if (in.nextToken() != null) {
                refuseText(in.currentTokenLocation().getByteOffset(), Faults.TRAILING, report);
            } else if (token != JsonToken.START_OBJECT) {
                String found = TokenWords.found(token);
                refuse("", RejectReason.SHAPE, found + ", wanted an object with metric, values and timestamps", report);
            } else if (!isRefused(report)) {
                left = values.count;
                samples.open(
                        json.createParser(ObjectReadContext.empty(), body, start + values.at, end - start - values.at),
                        json.createParser(ObjectReadContext.empty(), body, start + times.at, end - start - times.at));
            }
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            refuseText(at, Faults.text(e), report);
        }
    }

    /** Takes so many samples at most; returns how many were taken, refused ones among them. */
    int addTo(SampleBatch into, ParseReport report, SeriesTable series, int most) {
        int count = Math.min(left, most);
        int ref = 0;
        boolean known = false;
        for (int i = 0; i < count; i++) {
            samples.next();
            String problem = samples.problem();
            if (problem != null) {
                String shown = report.keepsOf(number, samples.field()) ? fields.shown() : "";
                report.rejectOfLine(number, samples.field(), samples.reason(), problem, shown, 1);
            } else {
                if (!known) {
                    ref = fields.ref(series, into);
                    known = true;
                }
                into.add(ref, samples.timestampMillis(), samples.value());
            }
        }
        report.receivedMore(count);
        left -= count;
        if (left == 0) {
            samples.close();
        }
        return count;
    }

    private void read(JsonParser in) {
        metricProblem = "missing";
        fields.clear();
        type.clear();
        values.clear();
        times.clear();
        for (String field = in.nextName(); field != null; field = in.nextName()) {
            JsonToken token = in.nextToken();
            switch (field) {
                case METRIC -> readMetric(in, token);
                case "type" -> type.read(in, token);
                case "values" -> values.read(in, token);
                case "timestamps" -> times.read(in, token);
                default -> {}
            }
            in.skipChildren();
        }
    }

    private void readMetric(JsonParser in, JsonToken token) {
        fields.clear();
        if (token != JsonToken.START_OBJECT) {
            metricProblem = TokenWords.found(token) + ", wanted an object of strings";
            return;
        }
        metricProblem = null;
        for (String key = in.nextName(); key != null; key = in.nextName()) {
            JsonToken value = in.nextToken();
            if (key.equals(TagFields.NAME)) {
                fields.name.read(in, value);
            } else {
                fields.tags.readTag(key, in, value);
            }
            in.skipChildren();
        }
    }

    private boolean isRefused(ParseReport report) {
        String nameProblem = fields.name.problem();
        String typeProblem = type.problem();
        if (metricProblem != null) {
            refuse(METRIC, RejectReason.SHAPE, metricProblem, report);
        } else if (nameProblem != null) {
            refuse(METRIC + "." + TagFields.NAME, RejectReason.NAME, nameProblem, report);
        } else if (typeProblem != null) {
            refuse("type", RejectReason.TYPE, typeProblem, report);
        } else if (!fields.writeKey(type.type())) {
            TagFields tags = fields.tags;
            refuse(tags.problemField(), RejectReason.TAGS, String.valueOf(tags.problem()), report);
        } else if (values.at == NOWHERE) {
            refuse("values", RejectReason.SHAPE, values.problem, report);
        } else if (times.at == NOWHERE) {
            refuse("timestamps", RejectReason.SHAPE, times.problem, report);
        } else if (values.count != times.count) {
            String text = "found " + times.count + ", wanted as many as there are values, which is " + values.count;
            refuse("timestamps", RejectReason.SHAPE, text, report);
        } else if (values.count == 0) {
            refuse("values", RejectReason.SHAPE, "found an empty array, wanted at least one value", report);
        } else {
            return false;
        }
        return true;
    }

    private void refuseText(long at, String text, ParseReport report) {
        report.receivedMore(1);
        report.rejectOfLine(number, "", RejectReason.LINE, "column " + (at + 1) + ": " + text, "", 1);
    }

    /** Refuses the line; it counts as many samples as it seems to have, and as one where it has none. */
    private void refuse(String field, RejectReason reason, String text, ParseReport report) {
        int count = Math.max(1, Math.max(values.count, times.count));
        report.receivedMore(count);
        report.rejectOfLine(number, field, reason, text, fields.shownName(), count);
    }
}
