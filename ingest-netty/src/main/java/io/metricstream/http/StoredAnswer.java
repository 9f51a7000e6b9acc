package io.metricstream.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The answer of a write of which everything was stored, written without intermediate objects. Stateless. */
final class StoredAnswer {
    private static final byte[] START = ascii("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ");
    private static final byte[] LINE_END = ascii("\r\n");
    private static final byte[] REQUEST_ID = ascii("\r\nx-request-id: ");
    private static final byte[] CONNECTION = ascii("\r\nconnection: ");
    private static final byte[] BODY = ascii("\r\n\r\n{\"success\":true,\"metrics_processed\":");
    private static final int BODY_BYTES = BODY.length - 4 + 1;

    private StoredAnswer() {}

    /** @param lines further header lines, each with its end */
    static void write(ByteBuf out, int samples, @Nullable String requestId, String lines, @Nullable String connection) {
        out.writeBytes(START);
        putNumber(out, BODY_BYTES + digits(samples));
        if (requestId != null) {
            out.writeBytes(REQUEST_ID);
            ByteBufUtil.writeAscii(out, requestId);
        }
        if (!lines.isEmpty()) {
            out.writeBytes(LINE_END);
            ByteBufUtil.writeAscii(out, lines.substring(0, lines.length() - LINE_END.length));
        }
        if (connection != null) {
            out.writeBytes(CONNECTION);
            ByteBufUtil.writeAscii(out, connection);
        }
        out.writeBytes(BODY);
        putNumber(out, samples);
        out.writeByte('}');
    }

    private static int digits(int number) {
        int digits = 1;
        for (int rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private static void putNumber(ByteBuf out, int number) {
        int digits = digits(number);
        int start = out.writerIndex();
        out.writeZero(digits);
        int rest = number;
        for (int i = digits - 1; i >= 0; i--) {
            out.setByte(start + i, '0' + rest % 10);
            rest /= 10;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
