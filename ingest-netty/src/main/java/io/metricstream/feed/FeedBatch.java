package io.metricstream.feed;

import io.metricstream.export.SampleLines;
import io.metricstream.model.Labels;
import io.metricstream.model.Series;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request: lines as {@code /api/v1/import} takes them, each with samples of one line of the file.
 *
 * <p>Limits: {@value #FULL_BYTES} bytes and what the samples of one more line take.
 */
@OwnedBy(Role.MAIN)
final class FeedBatch {
    private static final int FULL_BYTES = 4 << 20;

    private final int mostSamples;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final SampleLines lines;
    /** For each line of the body, the number of the file's line that its samples are from. */
    private final List<Long> sources = new ArrayList<>();

    private @Nullable Series open;
    private int samples;

    FeedBatch(int mostSamples) {
        this.mostSamples = mostSamples;
        this.lines = new SampleLines(body, Math.min(mostSamples, SampleLines.MOST));
    }

    void clear() {
        body.reset();
        sources.clear();
        open = null;
        samples = 0;
    }

    /** Adds a sample from this line of the file; samples of one line and series come with the same object. */
    @SuppressWarnings("ReferenceEquality")
    void add(Series series, long line, long timestampMillis, double value) {
        try {
            if (series != open) {
                lines.end();
                open(series, line);
            }
            lines.add(timestampMillis, value);
        } catch (IOException e) {
            throw new IllegalStateException("an array fails nowhere", e);
        }
        samples++;
    }

    private void open(Series series, long line) {
        Map<String, String> labels = new HashMap<>(series.tags());
        labels.put(Labels.NAME, series.name());
        lines.open(Labels.of(labels), series.type());
        sources.add(line);
        open = series;
    }

    boolean isFull() {
        return samples >= mostSamples || body.size() >= FULL_BYTES;
    }

    int samples() {
        return samples;
    }

    /** The body so far; ends the line. */
    byte[] body() {
        try {
            lines.end();
        } catch (IOException e) {
            throw new IllegalStateException("an array fails nowhere", e);
        }
        open = null;
        return body.toByteArray();
    }

    /** The number in the file of a line of the body, counted from 1. */
    long source(int bodyLine) {
        return bodyLine >= 1 && bodyLine <= sources.size() ? sources.get(bodyLine - 1) : 0;
    }
}
