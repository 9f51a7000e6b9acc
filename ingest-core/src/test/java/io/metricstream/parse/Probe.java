package io.metricstream.parse;

import io.metricstream.model.SampleBatch;
import io.metricstream.model.Series;
import io.metricstream.model.SeriesKey;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** A parser with all it needs, and what it made of a body as one text that can be compared. */
final class Probe {
    static final long NOW = 1_763_900_000_000L;

    final SeriesTable series;
    final SampleBatch batch = new SampleBatch();
    final ParseReport report = new ParseReport();
    final ParseTrail trail = new ParseTrail();
    private final MetricsParser parser;

    Probe(ParseLimits limits, SeriesTable series, long memoryBytes) {
        this.series = series;
        parser = new MetricsParser(limits, () -> series, () -> NOW, memoryBytes);
    }

    Probe(ParseLimits limits) {
        this(limits, new SeriesTable(SeriesLimits.of(1_000_000, 1 << 28)), 1 << 20);
    }

    Probe() {
        this(ParseLimits.DEFAULT);
    }

    boolean parse(String body) {
        return parse(body.getBytes(StandardCharsets.UTF_8), BodyFormat.JSON);
    }

    boolean parseLines(String body) {
        return parse(body.getBytes(StandardCharsets.UTF_8), BodyFormat.NDJSON);
    }

    boolean parse(byte[] body, BodyFormat format) {
        return parser.parse(body, 0, body.length, format, trail, batch, report);
    }

    boolean parse(byte[] body, int offset, int length, BodyFormat format) {
        return parser.parse(body, offset, length, format, trail, batch, report);
    }

    SeriesLinesReader seriesLines(byte[] body) {
        return parser.seriesLines(body);
    }

    /** As the disk writer does: gives the new series of the batch refs. */
    void adoptNewSeries() {
        for (int i = 0; i < batch.newSeriesCount(); i++) {
            byte[] keys = batch.newSeriesKeys();
            int offset = batch.newSeriesOffset(i);
            int length = batch.newSeriesLength(i);
            long hash = batch.newSeriesHash(i);
            if (series.find(keys, offset, length, hash) < 0) {
                series.add(keys, offset, length, hash);
            }
        }
    }

    /** {@code name{k=v} type value@time} of each sample. */
    List<String> samples() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < batch.count(); i++) {
            Series found = seriesOf(batch.refs()[i]);
            all.add(found.name() + new TreeMap<>(found.tags()) + " "
                    + found.type().text() + " " + batch.values()[i] + "@"
                    + (batch.timestampsMillis()[i] == NOW ? "now" : batch.timestampsMillis()[i]));
        }
        return all;
    }

    /** {@code index field: text} of each refusal that was kept. */
    List<String> errors() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < report.errorCount(); i++) {
            all.add(report.errorIndex(i) + " " + report.errorField(i) + ": " + report.errorReason(i));
        }
        return all;
    }

    /** Everything the parser said, refs and bits of values included. */
    String everything() {
        StringBuilder all = new StringBuilder();
        all.append(report.malformedCode()).append(' ').append(report.message());
        all.append(" line ").append(report.line()).append(" column ").append(report.column());
        all.append(" received ").append(report.received()).append(" accepted ").append(report.accepted());
        for (RejectReason reason : RejectReason.values()) {
            all.append(' ').append(reason.text()).append('=').append(report.rejectedBy(reason));
        }
        all.append('\n').append(String.join("\n", errors())).append('\n');
        for (int i = 0; i < batch.count(); i++) {
            all.append(batch.refs()[i])
                    .append(' ')
                    .append(batch.timestampsMillis()[i])
                    .append(' ');
            all.append(Long.toHexString(Double.doubleToRawLongBits(batch.values()[i])));
            all.append(" metric ").append(report.metricIndexOf(i)).append('\n');
        }
        for (int i = 0; i < batch.newSeriesCount(); i++) {
            int offset = batch.newSeriesOffset(i);
            byte[] key = Arrays.copyOfRange(batch.newSeriesKeys(), offset, offset + batch.newSeriesLength(i));
            all.append(Arrays.toString(key)).append(batch.newSeriesHash(i)).append('\n');
        }
        return all.toString();
    }

    private Series seriesOf(int ref) {
        if (ref >= 0) {
            byte[] key = series.key(ref);
            return SeriesKey.parse(key, 0, key.length);
        }
        return SeriesKey.parse(batch.newSeriesKeys(), batch.newSeriesOffset(~ref), batch.newSeriesLength(~ref));
    }
}
