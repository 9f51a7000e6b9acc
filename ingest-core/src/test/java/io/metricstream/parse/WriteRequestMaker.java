package io.metricstream.parse;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Builds a message of remote write 1.0, or what is nearly one, field by field. */
public final class WriteRequestMaker {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Writes to a stream of protobuf. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    public static WriteRequestMaker message() {
        return new WriteRequestMaker();
    }

    private WriteRequestMaker put(Fields fields) {
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** An embedded message, or any other bytes with their length. */
    WriteRequestMaker bytes(int field, byte[] content) {
        return put(out -> out.writeBytes(field, ByteString.copyFrom(content)));
    }

    public WriteRequestMaker series(WriteRequestMaker series) {
        return bytes(1, series.bytes());
    }

    public WriteRequestMaker label(String name, String value) {
        return label(name.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    WriteRequestMaker label(byte[] name, byte[] value) {
        return bytes(1, message().bytes(1, name).bytes(2, value).bytes());
    }

    public WriteRequestMaker sample(double value, long timestampMillis) {
        return sampleBits(Double.doubleToRawLongBits(value), timestampMillis);
    }

    WriteRequestMaker sampleBits(long valueBits, long timestampMillis) {
        return bytes(
                2,
                message()
                        .put(out -> out.writeFixed64(1, valueBits))
                        .put(out -> out.writeInt64(2, timestampMillis))
                        .bytes());
    }

    WriteRequestMaker varint(int field, long value) {
        return put(out -> out.writeUInt64(field, value));
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
