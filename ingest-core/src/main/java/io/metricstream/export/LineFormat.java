package io.metricstream.export;

import io.metricstream.model.Series;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How a sample is written as a line: its time between {@link #start} and the series' text, its value in the middle of that.
 *
 * <p>JSON has no word for values that are not finite, so they are the texts {@code "NaN"}, {@code "+Inf"} and
 * {@code "-Inf"}, Prometheus' own words: a reader that expects a number fails there rather than taking it for none. CSV
 * has them without quotes.
 *
 * <p>Thread: any; stateless.
 */
public enum LineFormat {
    /** One JSON object a line, in the shape of the first version. */
    JSONL("", "{\"timestamp\":\"", "\"") {
        @Override
        SeriesText text(Series series) {
            return SeriesText.of(
                    "\",\"name\":" + json(series.name()) + ",\"value\":",
                    ",\"type\":\"" + series.type().text() + "\",\"tags\":" + json(series.tags()) + "}\n");
        }
    },
    /** Comma-separated values with a header line; the tags are one field, a JSON object, as series differ in their tags. */
    CSV("timestamp,name,value,type,tags\n", "", "") {
        @Override
        SeriesText text(Series series) {
            return SeriesText.of(
                    "," + field(series.name()) + ",",
                    "," + series.type().text() + "," + field(json(series.tags())) + "\n");
        }
    };

    private static final JsonFactory JSON = new JsonFactory();

    private final String header;
    private final String start;
    private final String quote;

    LineFormat(String header, String start, String quote) {
        this.header = header;
        this.start = start;
        this.quote = quote;
    }

    /** The parts of this series' lines that are the same in each. */
    abstract SeriesText text(Series series);

    /** What stands before the first line. */
    String header() {
        return header;
    }

    /** What each line begins with. */
    String start() {
        return start;
    }

    /** What stands around a value that is not a number. */
    String quote() {
        return quote;
    }

    private static String json(String text) {
        return json(generator -> generator.writeString(text));
    }

    private static String json(Map<String, String> tags) {
        return json(generator -> {
            generator.writeStartObject();
            tags.forEach(generator::writeStringProperty);
            generator.writeEndObject();
        });
    }

    private interface Content {
        void write(JsonGenerator generator);
    }

    private static String json(Content content) {
        var out = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            content.write(generator);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** RFC 4180: in quotes where it has to be, and quotes in it twice. */
    private static String field(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
