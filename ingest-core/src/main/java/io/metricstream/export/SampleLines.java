package io.metricstream.export;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SpecialValues;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.io.NumberOutput;
import tools.jackson.core.json.JsonFactory;

/**
 * Samples as VictoriaMetrics exports them, a line for some samples of a series:
 * {@code {"metric":{"__name__":"up","job":"a"},"values":[1,0],"timestamps":[1758116723000,1758116733000]}}. A type that is
 * not gauge stands in a member {@code type} of its own. A stale marker is {@code null}; what else JSON has no number for is a
 * text ({@link SpecialValues}).
 *
 * <p>Thread: its maker. Order: {@link #open}, {@link #add}, {@link #end} for each series. Limits: {@value #MOST} samples a
 * line, which are held until the line is written.
 */
@OwnedBy(Role.QUERY)
public final class SampleLines {
    public static final int MOST = 10_000;
    private static final int MOST_TIME_BYTES = 21;
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final byte[] MIDDLE = ascii("],\"timestamps\":[");
    private static final byte[] END = ascii("]}\n");

    private final OutputStream out;
    private final int perLine;
    private final NumberText numbers = new NumberText();
    private final byte[] values;
    private final byte[] times;
    private byte[] start = new byte[0];
    private int valuesLength;
    private int timesLength;
    private int count;

    /** @param perLine samples a line at most, 1 to {@link #MOST} */
    public SampleLines(OutputStream out, int perLine) {
        this.out = out;
        this.perLine = perLine;
        this.values = new byte[perLine * (NumberText.MAX_BYTES + 1)];
        this.times = new byte[perLine * MOST_TIME_BYTES];
    }

    /** The samples that follow are of this series. */
    public void open(Labels labels, MetricType type) {
        var text = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeName("metric");
            LabelsJson.write(labels, json);
            if (type != MetricType.GAUGE) {
                json.writeStringProperty("type", type.text());
            }
            json.writeArrayPropertyStart("values");
            json.writeEndArray();
            json.writeEndObject();
        }
        byte[] whole = text.toByteArray();
        start = Arrays.copyOf(whole, whole.length - 2);
    }

    public void add(@Borrowed long[] timestampsMillis, @Borrowed double[] samples, int length) throws IOException {
        for (int i = 0; i < length; i++) {
            add(timestampsMillis[i], samples[i]);
        }
    }

    public void add(long timestampMillis, double value) throws IOException {
        if (count == perLine) {
            end();
        }
        if (count > 0) {
            values[valuesLength++] = ',';
            times[timesLength++] = ',';
        }
        valuesLength = putValue(value);
        timesLength = NumberOutput.outputLong(timestampMillis, times, timesLength);
        count++;
    }

    /** Writes what is left of the series. */
    public void end() throws IOException {
        if (count > 0) {
            out.write(start);
            out.write(values, 0, valuesLength);
            out.write(MIDDLE);
            out.write(times, 0, timesLength);
            out.write(END);
        }
        count = 0;
        valuesLength = 0;
        timesLength = 0;
    }

    private int putValue(double value) {
        if (Double.isFinite(value)) {
            return numbers.put(value, values, valuesLength);
        }
        byte[] word = ascii(word(value));
        System.arraycopy(word, 0, values, valuesLength, word.length);
        return valuesLength + word.length;
    }

    private static String word(double value) {
        return SpecialValues.isStale(value) ? "null" : '"' + SpecialValues.text(value) + '"';
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
