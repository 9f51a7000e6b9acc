package io.metricstream.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.xerial.snappy.Snappy;

/** Messages of remote read, as a client makes and reads them. */
final class RemoteReads {
    private static final int LENGTH_DELIMITED = 2;

    private RemoteReads() {}

    /** Writes the fields of a message. */
    interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    static byte[] message(Fields fields) throws IOException {
        var bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    static void embed(CodedOutputStream out, int field, Fields fields) throws IOException {
        out.writeBytes(field, ByteString.copyFrom(message(fields)));
    }

    /** One query with matchers from type, label, value, type, label, value. */
    static byte[] query(long fromMillis, long toMillis, Object... matchers) throws IOException {
        return message(request -> embed(request, 1, query -> {
            query.writeInt64(1, fromMillis);
            query.writeInt64(2, toMillis);
            for (int i = 0; i < matchers.length; i += 3) {
                int at = i;
                embed(query, 3, matcher -> {
                    matcher.writeEnum(1, (Integer) matchers[at]);
                    matcher.writeString(2, (String) matchers[at + 1]);
                    matcher.writeString(3, (String) matchers[at + 2]);
                });
            }
        }));
    }

    /** The response types that a client takes. */
    static byte[] accepting(int... types) throws IOException {
        return message(request -> {
            for (int type : types) {
                request.writeEnum(2, type);
            }
        });
    }

    /** The results of a response: of each, a line for each series, as in {@code {a=b} 1@1000}; values are bits where they are NaN. */
    static List<List<String>> results(byte[] body) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(Snappy.uncompress(body));
        var results = new ArrayList<List<String>>();
        while (!in.isAtEnd()) {
            List<String> series = new ArrayList<>();
            CodedInputStream result = embedded(in, 1);
            while (!result.isAtEnd()) {
                series.add(series(embedded(result, 1)));
            }
            results.add(series);
        }
        return results;
    }

    private static CodedInputStream embedded(CodedInputStream in, int field) throws IOException {
        int tag = in.readTag();
        if (tag != (field << 3 | LENGTH_DELIMITED)) {
            throw new IOException("found tag " + tag + ", wanted field " + field);
        }
        return in.readBytes().newCodedInput();
    }

    private static String series(CodedInputStream in) throws IOException {
        var labels = new ArrayList<String>();
        var text = new StringBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            CodedInputStream one = in.readBytes().newCodedInput();
            one.readTag();
            if (tag >>> 3 == 1) {
                String name = one.readString();
                one.readTag();
                labels.add(name + "=" + one.readString());
            } else {
                double value = one.readDouble();
                String shown = Double.isNaN(value)
                        ? Long.toHexString(Double.doubleToRawLongBits(value))
                        : String.valueOf(value);
                one.readTag();
                text.append(' ').append(shown).append('@').append(one.readInt64());
            }
        }
        return "{" + String.join(",", labels) + "}" + text;
    }
}
