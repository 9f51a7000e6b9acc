package io.metricstream.parse;

import io.metricstream.model.SampleBatch;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads a whole body with Jackson's streaming parser; what it accepts is accepted and what it refuses is refused.
 *
 * <p>Thread: one event loop. Owns: a factory with its table of names. Limits: {@link #MAX_DEPTH} levels of nesting, the
 * same for a metric in the array and a metric on a line; texts and numbers may be as long as the body.
 */
@OwnedBy(Role.EVENT_LOOP)
final class JacksonPath {
    /** Levels of objects and arrays in one metric, its own included. */
    static final int MAX_DEPTH = 500;

    /** There is no metric there. */
    static final int NONE = -1;

    /** The levels around a metric: the request's object and its array. */
    private static final int OUTER_DEPTH = 2;

    private final ParseLimits limits;
    private final MetricFields metric;
    private final JsonFactory requests = factory(MAX_DEPTH + OUTER_DEPTH);
    private final JsonFactory metrics = factory(MAX_DEPTH);

    /** The field {@code metrics} as it stood last: null where it did not stand yet. */
    private @Nullable JsonToken listToken;

    JacksonPath(ParseLimits limits, MetricFields metric) {
        this.limits = limits;
        this.metric = metric;
    }

    /** Makes parsers for single metrics. */
    JsonFactory metrics() {
        return metrics;
    }

    private static JsonFactory factory(int depth) {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(depth)
                .maxDocumentLength(-1)
                .maxTokenCount(-1)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build();
        return JsonFactory.builder()
                .streamReadConstraints(constraints)
                // One event loop, one parser at a time: the default pool is a queue shared by all threads.
                .recyclerPool(JsonRecyclerPools.threadLocalPool())
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                .enable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
    }

    /** Reads {@code {"metrics":[...]}}; false where that is not what the body is. */
    boolean readRequest(@Borrowed byte[] body, int offset, int length, SampleBatch into, ParseReport report) {
        int invalid = Utf8Check.firstInvalid(body, offset, offset + length);
        if (invalid >= 0) {
            return malformedText(body, offset, invalid, into, report);
        }
        try (JsonParser in = requests.createParser(ObjectReadContext.empty(), body, offset, length)) {
            return readRoot(in, into, report);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation() == null ? TokenStreamLocation.NA : e.getLocation();
            return malformed(ParseReport.INVALID_JSON, Faults.text(e), at, into, report);
        }
    }

    /**
     * Reads the metric whose object begins at {@code at}, as if it stood in a list.
     *
     * @return the index behind it, or {@link #NONE} where there is none; the report is then as before
     */
    int readMetric(@Borrowed byte[] body, int at, int end, int index, SampleBatch into, ParseReport report) {
        if (at >= end || body[at] != '{') {
            return NONE;
        }
        try (JsonParser in = metrics.createParser(ObjectReadContext.empty(), body, at, end - at)) {
            in.nextToken();
            metric.read(in);
            int behind = at + (int) in.currentLocation().getByteOffset();
            if (Utf8Check.firstInvalid(body, at, behind) >= 0) {
                return NONE;
            }
            metric.store(index, into, report);
            return behind;
        } catch (JacksonException e) {
            return NONE;
        }
    }

    /**
     * Reads the one metric of a line, or rejects it.
     *
     * @param place the metric's index in the upper half, the line's number in the lower
     */
    void readLine(@Borrowed byte[] body, int start, int end, long place, SampleBatch into, ParseReport report) {
        int index = (int) (place >>> 32);
        int invalid = Utf8Check.firstInvalid(body, start, end);
        if (invalid >= 0) {
            rejectLine(place, invalid - start, Faults.NOT_UTF8, report);
            return;
        }
        try (JsonParser in = metrics.createParser(ObjectReadContext.empty(), body, start, end - start)) {
            JsonToken token = in.nextToken();
            if (token == JsonToken.START_OBJECT) {
                metric.read(in);
            } else {
                in.skipChildren();
            }
            if (in.nextToken() != null) {
                long at = in.currentTokenLocation().getByteOffset();
                rejectLine(place, at, Faults.TRAILING, report);
            } else if (token == JsonToken.START_OBJECT) {
                metric.store(index, into, report);
            } else {
                report.reject(index, "", RejectReason.SHAPE, Faults.notAnObject(token), "");
            }
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            rejectLine(place, at, Faults.text(e), report);
        }
    }

    private static void rejectLine(long place, long at, String text, ParseReport report) {
        String where = "line " + (int) place + ", column " + (at + 1) + ": ";
        report.reject((int) (place >>> 32), "", RejectReason.LINE, where + text, "");
    }

    private boolean readRoot(JsonParser in, SampleBatch into, ParseReport report) {
        JsonToken root = in.nextToken();
        if (root == null) {
            return malformed(ParseReport.INVALID_JSON, Faults.EMPTY, in.currentLocation(), into, report);
        }
        listToken = null;
        if (root == JsonToken.START_OBJECT) {
            for (String field = in.nextName(); field != null; field = in.nextName()) {
                JsonToken token = in.nextToken();
                if (field.equals("metrics") && !readList(in, token, into, report)) {
                    return tooMany(into, report);
                }
                in.skipChildren();
            }
        } else {
            in.skipChildren();
        }
        if (in.nextToken() != null) {
            return malformed(ParseReport.INVALID_JSON, Faults.TRAILING, in.currentTokenLocation(), into, report);
        }
        if (root != JsonToken.START_OBJECT) {
            return notARequest(TokenWords.found(root) + ", wanted an object with the field metrics", into, report);
        }
        if (listToken != JsonToken.START_ARRAY) {
            String found = listToken == null ? "missing" : TokenWords.found(listToken);
            return notARequest("metrics: " + found + ", wanted an array", into, report);
        }
        return true;
    }

    /** Reads the field {@code metrics}, in place of an earlier one; false where it has too many. */
    private boolean readList(JsonParser in, JsonToken token, SampleBatch into, ParseReport report) {
        listToken = token;
        into.clear();
        report.clear();
        if (token != JsonToken.START_ARRAY) {
            return true;
        }
        int index = 0;
        for (JsonToken item = in.nextToken(); item != JsonToken.END_ARRAY; item = in.nextToken()) {
            if (index == limits.metricsPerRequest()) {
                return false;
            }
            report.received(index + 1);
            if (item == JsonToken.START_OBJECT) {
                metric.read(in);
                metric.store(index, into, report);
            } else {
                report.reject(index, "", RejectReason.SHAPE, Faults.notAnObject(item), "");
                in.skipChildren();
            }
            index++;
        }
        return true;
    }

    /** Refuses a body with more metrics than a request may have. */
    boolean tooMany(SampleBatch into, ParseReport report) {
        return notARequest(Faults.tooMany(limits.metricsPerRequest()), into, report);
    }

    private static boolean notARequest(String text, SampleBatch into, ParseReport report) {
        into.clear();
        report.malformed(ParseReport.INVALID_REQUEST, text, 0, 0);
        return false;
    }

    private static boolean malformed(
            String code, String text, TokenStreamLocation at, SampleBatch into, ParseReport report) {
        into.clear();
        report.malformed(code, text, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
        return false;
    }

    private static boolean malformedText(byte[] body, int offset, int invalid, SampleBatch into, ParseReport report) {
        into.clear();
        int line = Lines.lineOf(body, offset, invalid);
        report.malformed(ParseReport.INVALID_JSON, Faults.NOT_UTF8, line, Lines.columnOf(body, offset, invalid));
        return false;
    }
}
