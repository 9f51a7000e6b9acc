package io.metricstream.parse;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.metricstream.model.SampleBatch;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.head.SeriesTable;
import java.io.IOException;

/**
 * Reads a message of Prometheus remote write 1.0, a {@code prometheus.WriteRequest}, without an object for a series or sample.
 * Metadata and fields that are not known are passed over.
 *
 * <p>Thread: one event loop. Owns: its scratch. Limits: {@link ParseLimits}, {@code metricsPerRequest} meaning samples.
 */
@OwnedBy(Role.EVENT_LOOP)
final class RemoteWriteReader {
    private static final int TIME_SERIES = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private final int samplesPerRequest;
    private final RemoteSeries oneSeries;

    RemoteWriteReader(ParseLimits limits, TimeWindow window) {
        samplesPerRequest = limits.metricsPerRequest();
        oneSeries = new RemoteSeries(limits, window);
    }

    /** Returns false where the bytes are no such message, or one with too many samples; then nothing is taken. */
    boolean read(
            @Borrowed byte[] body, int offset, int length, SeriesTable series, SampleBatch into, ParseReport report) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(body, offset, length);
            int index = 0;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag != TIME_SERIES) {
                    Protobuf.skip(in, tag);
                    continue;
                }
                oneSeries.read(in, body, offset);
                if (oneSeries.sampleCount() > samplesPerRequest - report.received()) {
                    return refuse(Faults.tooManySamples(samplesPerRequest), into, report);
                }
                oneSeries.addTo(index++, series, into, report);
            }
            return true;
        } catch (IOException broken) {
            return refuse("the body is not a message of remote write 1.0: " + broken.getMessage(), into, report);
        }
    }

    private static boolean refuse(String text, SampleBatch into, ParseReport report) {
        into.clear();
        report.malformed(ParseReport.INVALID_REQUEST, text, 0, 0);
        return false;
    }
}
