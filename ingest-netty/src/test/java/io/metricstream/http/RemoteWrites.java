package io.metricstream.http;

import io.metricstream.parse.WriteRequestMaker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.xerial.snappy.Snappy;

/** Bodies of remote write 1.0, as a sender makes them. */
public final class RemoteWrites {
    private RemoteWrites() {}

    /** A message with one series, of these labels in turn with their values, and one sample; not compressed. */
    public static byte[] message(double value, long timestampMillis, String... labels) {
        WriteRequestMaker series = WriteRequestMaker.message();
        for (int i = 0; i < labels.length; i += 2) {
            series.label(labels[i], labels[i + 1]);
        }
        return WriteRequestMaker.message()
                .series(series.sample(value, timestampMillis))
                .bytes();
    }

    /** Several messages as one. */
    public static byte[] join(byte[]... messages) {
        var all = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            all.writeBytes(message);
        }
        return all.toByteArray();
    }

    /** One block, made by the reference's own code. */
    public static byte[] snappy(byte[] plain) {
        try {
            return Snappy.compress(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
