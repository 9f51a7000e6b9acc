package io.metricstream.http;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's request decoder, with the one thing it tolerates and a proxy in front may read differently refused: a header
 * line that begins with a blank (obs-fold, RFC 9112 section 5.2).
 *
 * <p>Stands first in the pipeline. A refused request is passed on with a failed decoder result, and nothing after it.
 */
@OwnedBy(Role.EVENT_LOOP)
final class StrictRequestDecoder extends HttpRequestDecoder {
    private final Connection connection;
    private boolean inHead = true;
    private boolean inHeaders;
    private boolean refused;

    StrictRequestDecoder(HttpLimits limits, int maxChunkBytes, Connection connection) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.requestLineBytes())
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxChunkSize(maxChunkBytes)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false));
        this.connection = connection;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (inHead && in.isReadable()) {
            connection.onBytes();
        }
        if (inHead && isFolded(in)) {
            refused = true;
            var bad = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
            bad.setDecoderResult(
                    DecoderResult.failure(new IllegalArgumentException("a header line begins with a blank")));
            out.add(bad);
            in.skipBytes(in.readableBytes());
            return;
        }
        int before = out.size();
        super.decode(ctx, in, out);
        for (int i = before; i < out.size(); i++) {
            Object message = out.get(i);
            if (message instanceof HttpMessage) {
                inHead = false;
                inHeaders = false;
            }
            if (message instanceof LastHttpContent) {
                inHead = true;
            }
        }
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) throws Exception {
        inHeaders = true;
        return super.createMessage(initialLine);
    }

    /** Netty consumes whole lines, so the reader index is at the start of a line whenever this is asked. */
    private boolean isFolded(ByteBuf in) {
        int end = in.writerIndex();
        int at = in.readerIndex();
        if (inHeaders && at < end && isBlank(in.getByte(at))) {
            return true;
        }
        while (!inHeaders && at < end && isLineEnd(in.getByte(at))) {
            at++;
        }
        while (true) {
            int lineFeed = in.indexOf(at, end, (byte) '\n');
            if (lineFeed < 0 || lineFeed + 1 >= end) {
                return false;
            }
            byte next = in.getByte(lineFeed + 1);
            if (isBlank(next)) {
                return true;
            }
            if (isLineEnd(next)) {
                return false;
            }
            at = lineFeed + 1;
        }
    }

    private static boolean isLineEnd(byte b) {
        return b == '\r' || b == '\n';
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
