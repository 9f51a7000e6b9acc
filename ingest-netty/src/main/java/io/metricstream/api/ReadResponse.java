package io.metricstream.api;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.metricstream.http.ApiException;
import io.metricstream.http.Refusal;
import io.metricstream.http.SnappyBlock;
import io.metricstream.model.Labels;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Prometheus's {@code ReadResponse}, collected because it begins with its length, and then compressed and sent piece by piece.
 *
 * <p>Order: for each query {@link #begin} and {@link #add} for each of its series; then {@link #writeTo}. Limits: bytes and samples,
 * beyond which it is refused. Owns: its pieces, which {@link #writeTo} gives up one by one.
 */
@OwnedBy(Role.QUERY)
final class ReadResponse {
    /** The field of results in a response, of series in a result, and of labels in a series. */
    private static final int FIRST = 1;

    private static final int SAMPLES = 2;

    private static final int COPIES = 3;

    private final long mostBytes;
    private final long mostSamples;
    private final Patience patience;
    private final List<MessagePieces> results = new ArrayList<>();
    private final ByteArrayOutputStream labels = new ByteArrayOutputStream();
    private final ByteArrayOutputStream samples = new ByteArrayOutputStream();
    private MessagePieces result = new MessagePieces();
    private long bytes;
    private long sampleCount;

    /** Asked again and again while the response is collected; fails where nobody waits for it any more. */
    @FunctionalInterface
    interface Patience {
        void check() throws ApiException;
    }

    ReadResponse(long mostBytes, long mostSamples, Patience patience) {
        this.mostBytes = mostBytes;
        this.mostSamples = mostSamples;
        this.patience = patience;
    }

    /** The result of one more query. */
    void begin() {
        result = new MessagePieces();
        results.add(result);
    }

    /** Adds the series on which the cursor stands, with all of its samples. */
    void add(SeriesCursor series) throws ApiException, StorageFailure, IOException {
        putLabels(series.labels());
        putSamples(series.samples());
        var head = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(head);
        out.writeTag(FIRST, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(labels.size() + samples.size());
        out.flush();
        head.writeTo(result);
        labels.writeTo(result);
        samples.writeTo(result);
        bytes += head.size() + labels.size() + samples.size();
        hold(0);
    }

    private void putLabels(Labels all) throws IOException {
        labels.reset();
        CodedOutputStream out = CodedOutputStream.newInstance(labels);
        for (int i = 0; i < all.size(); i++) {
            out.writeTag(FIRST, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(CodedOutputStream.computeStringSize(1, all.name(i))
                    + CodedOutputStream.computeStringSize(2, all.value(i)));
            out.writeString(1, all.name(i));
            out.writeString(2, all.value(i));
        }
        out.flush();
    }

    private void putSamples(SampleRuns runs) throws ApiException, StorageFailure, IOException {
        samples.reset();
        CodedOutputStream out = CodedOutputStream.newInstance(samples);
        while (runs.next()) {
            patience.check();
            int count = runs.count();
            sampleCount += count;
            long[] timesMillis = runs.timestampsMillis();
            double[] values = runs.values();
            for (int i = 0; i < count; i++) {
                out.writeTag(SAMPLES, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                out.writeUInt32NoTag(CodedOutputStream.computeDoubleSize(1, values[i])
                        + CodedOutputStream.computeInt64Size(2, timesMillis[i]));
                out.writeDouble(1, values[i]);
                out.writeInt64(2, timesMillis[i]);
            }
            // The array of a series grows by copying, and is copied once more into pieces.
            hold((long) COPIES * samples.size());
        }
        out.flush();
    }

    /** @param more bytes that are not in any piece yet */
    private void hold(long more) throws ApiException {
        if (bytes + more > mostBytes) {
            throw tooMuch("bytes", mostBytes, "query.max-memory");
        }
        if (sampleCount > mostSamples) {
            throw tooMuch("samples", mostSamples, "query.max-samples");
        }
    }

    private static ApiException tooMuch(String what, long most, String setting) {
        return new ApiException(Refusal.of(
                422,
                "execution",
                "the answer has too many " + what + ": wanted at most " + most + " (" + setting + ")"));
    }

    /** Writes it as one block of Snappy. */
    void writeTo(OutputStream out) throws IOException {
        long length = 0;
        for (MessagePieces one : results) {
            length += head(one).length + one.length();
        }
        SnappyBlock.begin(length, out);
        for (MessagePieces one : results) {
            byte[] head = head(one);
            SnappyBlock.deflate(head, head.length, out);
            one.deflateTo(out);
        }
    }

    private static byte[] head(MessagePieces result) throws IOException {
        var head = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(head);
        out.writeTag(FIRST, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt64NoTag(result.length());
        out.flush();
        return head.toByteArray();
    }
}
