package io.metricstream.parse;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.metricstream.model.MetricType;
import io.metricstream.model.SampleBatch;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.head.SeriesTable;
import java.io.IOException;
import java.util.Arrays;

/**
 * One {@code prometheus.TimeSeries}: its labels and its samples, in whatever order the message has them. Every series is a
 * gauge, as such a message does not say with its samples what they are.
 *
 * <p>Thread: one event loop. Owns: the texts of the series and its samples. Order: {@link #read}, then the rest. Limits: of
 * more samples than a request may have all are counted, and no more than that kept.
 */
@OwnedBy(Role.EVENT_LOOP)
final class RemoteSeries {
    private static final String LABELS = "labels";
    private static final int LABEL = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int SAMPLE = 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int HISTOGRAM = 4 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int LABEL_NAME = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int LABEL_VALUE = 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int SAMPLE_VALUE = 1 << 3 | WireFormat.WIRETYPE_FIXED64;
    private static final int SAMPLE_TIME = 2 << 3 | WireFormat.WIRETYPE_VARINT;

    private final TimeWindow window;
    private final int mostSamples;
    private final KeyFields fields;

    private boolean named;
    private boolean namedTwice;
    private int count;
    private int histograms;
    private long[] timestampsMillis = new long[16];
    private double[] values = new double[16];

    RemoteSeries(ParseLimits limits, TimeWindow window) {
        this.window = window;
        mostSamples = limits.metricsPerRequest();
        fields = new KeyFields(limits, LABELS);
    }

    /**
     * Reads the series that the stream stands at, from its length on; fails where it is not one.
     *
     * @param body what the stream reads, from {@code offset} on
     */
    void read(CodedInputStream in, @Borrowed byte[] body, int offset) throws IOException {
        fields.clear();
        named = false;
        namedTwice = false;
        count = 0;
        histograms = 0;
        int outer = Protobuf.enter(in);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case LABEL -> readLabel(in, body, offset);
                case SAMPLE -> readSample(in);
                case HISTOGRAM -> {
                    histograms++;
                    Protobuf.skip(in, tag);
                }
                default -> Protobuf.skip(in, tag);
            }
        }
        in.popLimit(outer);
    }

    /** Samples that have come with it, those included that cannot be stored. */
    int sampleCount() {
        return count + histograms;
    }

    /** Adds what is good to the batch, and says of the rest what is wrong. */
    void addTo(int index, SeriesTable series, SampleBatch into, ParseReport report) {
        report.receivedMore(sampleCount());
        report.onLine(index, into.count());
        if (sampleCount() == 0 || isRefused(index, report)) {
            return;
        }
        if (count > 0) {
            addSamples(index, series, into, report);
        }
        if (histograms > 0) {
            String text = "found a native histogram, wanted a sample; send classic histograms in its place";
            report.rejectOfLine(index, "histograms", RejectReason.VALUE, text, fields.shown(), histograms);
        }
    }

    private void addSamples(int index, SeriesTable series, SampleBatch into, ParseReport report) {
        boolean known = false;
        int ref = 0;
        for (int i = 0; i < count; i++) {
            long timestamp = timestampsMillis[i];
            if (window.admits(timestamp)) {
                if (!known) {
                    ref = fields.ref(series, into);
                    known = true;
                }
                into.add(ref, timestamp, values[i]);
            } else {
                boolean kept = report.keepsOf(index, "timestamp");
                report.rejectOfLine(
                        index,
                        "timestamp",
                        window.reason(timestamp),
                        kept ? window.text(timestamp) : "",
                        kept ? fields.shown() : "",
                        1);
            }
        }
    }

    private void readLabel(CodedInputStream in, byte[] body, int offset) throws IOException {
        int outer = Protobuf.enter(in);
        int keyAt = 0;
        int keyLength = 0;
        int valueAt = 0;
        int valueLength = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == LABEL_NAME) {
                keyLength = in.readRawVarint32();
                keyAt = offset + in.getTotalBytesRead();
                in.skipRawBytes(keyLength);
            } else if (tag == LABEL_VALUE) {
                valueLength = in.readRawVarint32();
                valueAt = offset + in.getTotalBytesRead();
                in.skipRawBytes(valueLength);
            } else {
                Protobuf.skip(in, tag);
            }
        }
        in.popLimit(outer);
        if (TagFields.isName(body, keyAt, keyLength)) {
            namedTwice = named;
            named = true;
            fields.name.read(body, valueAt, valueLength);
        } else {
            fields.tags.readTag(body, keyAt, keyLength, valueAt, valueLength);
        }
    }

    private void readSample(CodedInputStream in) throws IOException {
        int outer = Protobuf.enter(in);
        double value = 0;
        long timestamp = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == SAMPLE_VALUE) {
                value = in.readDouble();
            } else if (tag == SAMPLE_TIME) {
                timestamp = in.readInt64();
            } else {
                Protobuf.skip(in, tag);
            }
        }
        in.popLimit(outer);
        if (count < mostSamples) {
            keep(timestamp, value);
        }
        count++;
    }

    private void keep(long timestamp, double value) {
        if (count == values.length) {
            timestampsMillis = Arrays.copyOf(timestampsMillis, count * 2);
            values = Arrays.copyOf(values, count * 2);
        }
        timestampsMillis[count] = timestamp;
        values[count] = value;
    }

    private boolean isRefused(int index, ParseReport report) {
        String field = LABELS + "." + TagFields.NAME;
        if (namedTwice) {
            refuse(index, field, RejectReason.NAME, "found the key twice, wanted it once", report);
        } else if (fields.name.problem() != null) {
            refuse(index, field, RejectReason.NAME, String.valueOf(fields.name.problem()), report);
        } else if (!fields.writeKey(MetricType.GAUGE)) {
            TagFields tags = fields.tags;
            refuse(index, tags.problemField(), RejectReason.TAGS, String.valueOf(tags.problem()), report);
        } else {
            return false;
        }
        return true;
    }

    /** Refuses all that has come with the series. */
    private void refuse(int index, String field, RejectReason reason, String text, ParseReport report) {
        report.rejectOfLine(index, field, reason, text, fields.shownName(), sampleCount());
    }
}
