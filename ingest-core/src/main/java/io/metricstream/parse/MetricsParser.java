package io.metricstream.parse;

import io.metricstream.model.EpochClock;
import io.metricstream.model.SampleBatch;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.ThreadOwner;
import io.metricstream.own.Transferred;
import io.metricstream.storage.head.SeriesTable;
import java.util.function.Supplier;

/**
 * Reads the bodies of one event loop.
 *
 * <p>Thread: one event loop. Owns: its scratch and, within {@code memoryBytes}, what it remembers of the bytes of
 * series seen before. Limits: {@link ParseLimits}. Fails: never; whatever the bytes are, the report says what is wrong
 * with them.
 */
@OwnedBy(Role.EVENT_LOOP)
public final class MetricsParser {
    private final ThreadOwner owner = new ThreadOwner();
    private final Supplier<SeriesTable> source;
    private final EpochClock clock;
    private final ParseLimits limits;
    private final TimeWindow window;
    private final JacksonPath jackson;
    private final MetricFields metric;
    private final TextFollower texts;
    private final RequestReader requests;
    private final LinesReader lines;
    private final RemoteWriteReader remoteWrites;
    private SeriesTable series;

    /**
     * @param source the series known now; where it is another table than before, what is remembered is forgotten
     * @param memoryBytes how much may be remembered; 0 for nothing, which changes the speed and nothing else
     */
    public MetricsParser(ParseLimits limits, Supplier<SeriesTable> source, EpochClock clock, long memoryBytes) {
        this.source = source;
        series = source.get();
        this.clock = clock;
        this.limits = limits;
        window = new TimeWindow(limits);
        metric = new MetricFields(limits, series, window);
        jackson = new JacksonPath(limits, metric);
        texts = new TextFollower(window, memoryBytes);
        requests = new RequestReader(limits, jackson, texts);
        lines = new LinesReader(limits, jackson, texts);
        remoteWrites = new RemoteWriteReader(limits, window);
    }

    /**
     * Reads one body into an empty batch and an empty report; what they held before is gone.
     *
     * @return false where the body as a whole cannot be used: the report says why, and the batch is empty
     */
    public boolean parse(
            @Borrowed byte[] body,
            int offset,
            int length,
            BodyFormat format,
            ParseTrail trail,
            SampleBatch into,
            ParseReport report) {
        assert owner.check();
        renewSeries();
        into.begin(series);
        report.clear();
        window.open(clock.millis());
        return switch (format) {
            case JSON -> requests.read(body, offset, offset + length, trail, into, report);
            case NDJSON -> lines.read(body, offset, offset + length, trail, into, report);
            case REMOTE_WRITE -> remoteWrites.read(body, offset, length, series, into, report);
        };
    }

    /** Begins to read a body of lines with a series and some of its samples each. */
    public SeriesLinesReader seriesLines(@Transferred byte[] body) {
        assert owner.check();
        return new SeriesLinesReader(limits, source, clock, window, jackson.metrics(), body);
    }

    private void renewSeries() {
        SeriesTable now = source.get();
        if (now != series) {
            series = now;
            metric.series(now);
            texts.forget();
        }
    }
}
