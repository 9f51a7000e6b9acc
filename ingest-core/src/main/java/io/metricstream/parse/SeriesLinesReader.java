package io.metricstream.parse;

import io.metricstream.model.EpochClock;
import io.metricstream.model.SampleBatch;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.Transferred;
import io.metricstream.storage.head.SeriesTable;
import java.util.function.Supplier;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a body of lines with a series and some of its samples each, as VictoriaMetrics exports them, one portion after the
 * other: {@code {"metric":{"__name__":"up","job":"a"},"values":[1,0],"timestamps":[1758116723000,1758116733000]}}.
 *
 * <p>Thread: the event loop of the {@link MetricsParser} that made it. Owns: the body. Limits: {@link ParseLimits}; a
 * portion has at most {@code metricsPerRequest} good samples. Fails: never; the report says what is wrong.
 */
@OwnedBy(Role.EVENT_LOOP)
public final class SeriesLinesReader {
    private final ParseLimits limits;
    private final Supplier<SeriesTable> series;
    private final EpochClock clock;
    private final TimeWindow window;
    private final SeriesLine line;
    private final byte[] body;
    private final int end;
    private int at;
    private int number;

    SeriesLinesReader(
            ParseLimits limits,
            Supplier<SeriesTable> series,
            EpochClock clock,
            TimeWindow window,
            JsonFactory json,
            @Transferred byte[] body) {
        this.limits = limits;
        this.series = series;
        this.clock = clock;
        this.window = window;
        this.line = new SeriesLine(limits, window, json);
        this.body = body;
        this.end = body.length;
    }

    /** Reads the next portion into an empty batch and an empty report; false where the body is at its end with it. */
    public boolean read(SampleBatch into, ParseReport report) {
        SeriesTable table = series.get();
        into.begin(table);
        report.clear();
        window.open(clock.millis());
        if (line.isOpen()) {
            report.onLine(line.number(), 0);
        }
        int room = limits.metricsPerRequest();
        while (report.received() < room) {
            if (line.isOpen()) {
                line.addTo(into, report, table, room - report.received());
            } else if (!openNext(into, report)) {
                return false;
            }
        }
        return true;
    }

    private boolean openNext(SampleBatch into, ParseReport report) {
        while (at < end) {
            number++;
            int start = at;
            int first = Lines.skipBlank(body, start, end);
            int lineEnd = Lines.end(body, first, end);
            at = lineEnd + 1;
            if (first < lineEnd) {
                report.onLine(number, into.count());
                line.open(body, start, lineEnd, number, report);
                return true;
            }
        }
        return false;
    }
}
