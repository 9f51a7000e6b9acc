package io.metricstream.feed;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.Series;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Lines of JSON: one sample as {@code metricstream export} writes it, or a series and some of its samples as
 * {@code /api/v1/export} and VictoriaMetrics do. Members that mean nothing here are passed over.
 */
@OwnedBy(Role.MAIN)
final class JsonLineReader implements LineReader {
    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(FeedFile.MOST_LINE_BYTES)
                    .maxNumberLength(FeedFile.MOST_LINE_BYTES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private final long timeOfNoneMillis;

    /** What the line has, null where it has it not. */
    private @Nullable String name;

    private @Nullable Map<String, String> labels;
    private MetricType type = MetricType.GAUGE;
    private @Nullable JsonColumn value;
    private @Nullable JsonColumn time;
    private boolean isSeries;

    /** @param timeOfNoneMillis the time of a sample that has none */
    JsonLineReader(long timeOfNoneMillis) {
        this.timeOfNoneMillis = timeOfNoneMillis;
    }

    @Override
    public void read(String line, SampleSink sink) throws BadLineException, FeedException, InterruptedException {
        name = null;
        labels = null;
        type = MetricType.GAUGE;
        value = null;
        time = null;
        isSeries = false;
        try (JsonParser in = json.createParser(ObjectReadContext.empty(), line)) {
            readObject(in);
        } catch (JacksonException e) {
            throw new BadLineException("not JSON: " + e.getOriginalMessage());
        }
        give(sink);
    }

    private void readObject(JsonParser in) throws BadLineException {
        JsonToken token = in.nextToken();
        if (token != JsonToken.START_OBJECT) {
            throw BadLineException.found("the line", JsonColumn.kind(token), "an object");
        }
        for (String field = in.nextName(); field != null; field = in.nextName()) {
            JsonToken at = in.nextToken();
            switch (field) {
                case "name" -> name = string(field, in, at);
                case "value" -> value = JsonColumn.ofOneValue(in, at);
                case "timestamp" -> time = JsonColumn.ofOneTime(in, at);
                case "tags" -> labels = strings(field, in, at);
                case "type" -> type = at == JsonToken.VALUE_NULL ? type : Texts.type(field, string(field, in, at));
                case "metric" -> {
                    isSeries = true;
                    labels = strings(field, in, at);
                }
                case "values" -> value = JsonColumn.ofValues(in, at);
                case "timestamps" -> time = JsonColumn.ofTimes(in, at);
                default -> in.skipChildren();
            }
        }
        if (in.nextToken() != null) {
            throw new BadLineException("found more behind the end of the object");
        }
    }

    private void give(SampleSink sink) throws BadLineException, FeedException, InterruptedException {
        Map<String, String> tags = labels == null ? new LinkedHashMap<>() : labels;
        String metric = isSeries ? tags.remove(Labels.NAME) : name;
        if (metric == null || metric.isEmpty()) {
            throw BadLineException.found(
                    isSeries ? "metric." + Labels.NAME : "name", "nothing", "a text of at least one character");
        }
        if (tags.containsKey(Labels.NAME)) {
            throw BadLineException.found("tags", "the key " + Labels.NAME, "the name in the field name");
        }
        JsonColumn values = value;
        if (values == null) {
            throw BadLineException.found(isSeries ? "values" : "value", "nothing", isSeries ? "an array" : "a number");
        }
        JsonColumn times = time == null && !isSeries ? JsonColumn.ofTime(timeOfNoneMillis) : time;
        int found = times == null ? 0 : times.count();
        if (times == null || found != values.count() || found == 0) {
            throw BadLineException.found(
                    "timestamps", String.valueOf(found), "one for each of " + values.count() + " values, at least one");
        }
        var series = new Series(type, metric, tags);
        for (int i = 0; i < found; i++) {
            sink.onSample(series, times.time(i), values.value(i));
        }
    }

    private static String string(String field, JsonParser in, JsonToken token) throws BadLineException {
        if (token != JsonToken.VALUE_STRING) {
            throw BadLineException.found(field, JsonColumn.kind(token), "a string");
        }
        return in.getString();
    }

    /** The members of an object; none where there is null. */
    private static Map<String, String> strings(String field, JsonParser in, JsonToken token) throws BadLineException {
        Map<String, String> strings = new LinkedHashMap<>();
        if (token == JsonToken.VALUE_NULL) {
            return strings;
        }
        if (token != JsonToken.START_OBJECT) {
            throw BadLineException.found(field, JsonColumn.kind(token), "an object of strings");
        }
        for (String key = in.nextName(); key != null; key = in.nextName()) {
            strings.put(key, string(field + "." + key, in, in.nextToken()));
        }
        return strings;
    }

    /** The strings of an object that is all of a text. */
    Map<String, String> strings(String field, String text) throws BadLineException {
        try (JsonParser in = json.createParser(ObjectReadContext.empty(), text)) {
            JsonToken token = in.nextToken();
            if (token == null) {
                throw BadLineException.found(field, "nothing", "an object of strings");
            }
            Map<String, String> strings = strings(field, in, token);
            if (in.nextToken() != null || strings.containsKey(Labels.NAME)) {
                throw BadLineException.found(field, Texts.shown(text), "an object of strings, without " + Labels.NAME);
            }
            return strings;
        } catch (JacksonException e) {
            throw BadLineException.found(field, Texts.shown(text), "an object of strings");
        }
    }
}
