package io.metricstream.http;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.xerial.snappy.Snappy;

/** Bodies of remote write 1.0, as a sender makes them. */
public final class RemoteWrites {
    private RemoteWrites() {}

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static ByteString message(Fields fields) {
        var bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteString.copyFrom(bytes.toByteArray());
    }

    /** A message with one series, of these labels in turn with their values, and one sample; not compressed. */
    public static byte[] message(double value, long timestampMillis, String... labels) {
        ByteString series = message(out -> {
            for (int i = 0; i < labels.length; i += 2) {
                int at = i;
                out.writeBytes(1, message(label -> {
                    label.writeString(1, labels[at]);
                    label.writeString(2, labels[at + 1]);
                }));
            }
            out.writeBytes(2, message(sample -> {
                sample.writeFixed64(1, Double.doubleToRawLongBits(value));
                sample.writeInt64(2, timestampMillis);
            }));
        });
        return message(out -> out.writeBytes(1, series)).toByteArray();
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
