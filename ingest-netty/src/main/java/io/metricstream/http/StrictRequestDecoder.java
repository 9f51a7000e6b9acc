package io.metricstream.http;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's request decoder, with what it tolerates refused: see {@link HeadLines}, and bare line ends before a request, and
 * a second {@code Content-Length} in HTTP/1.0.
 *
 * <p>Stands first in the pipeline. A refused request is passed on with a failed decoder result, and nothing after it.
 *
 * <p>Limits: while the connection takes no more, nothing is decoded either, so that one read with thousands of requests
 * does not become thousands of answers that nobody reads.
 */
@OwnedBy(Role.EVENT_LOOP)
final class StrictRequestDecoder extends HttpRequestDecoder {
    private final Connection connection;
    private boolean inHead = true;
    /** Netty's decoder has seen something of this head, and keeps that in mind. */
    private boolean headBegun;

    private boolean inHeaders;
    private boolean refused;
    private int contentLengths;
    /** The client has ended its side, which is passed on when all that came before has been decoded. */
    private boolean inputEndHeld;

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

    /** Most requests are writes that the connection recognises whole; the rest is decoded. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (message instanceof ByteBuf in && inHead && !headBegun && !refused && actualReadableBytes() == 0) {
            try {
                while (in.isReadable() && connection.takeRepeated(in)) {
                    // One behind the other.
                }
            } catch (Throwable bug) {
                in.release();
                throw bug;
            }
            if (!in.isReadable()) {
                in.release();
                return;
            }
        }
        super.channelRead(ctx, message);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!connection.takesMore()) {
            connection.readControl.onHeld();
            return;
        }
        if (inHead && !headBegun && connection.takeRepeated(in)) {
            return;
        }
        if (inHead) {
            String fault = inHeaders ? null : skipEmptyLines(in);
            if (fault == null && (!in.isReadable() || waitsForLineFeed(in))) {
                return;
            }
            connection.onHeadBytes();
            if (fault == null) {
                fault = HeadLines.fault(in, inHeaders);
            }
            if (fault != null) {
                refuse(in, out, fault);
                return;
            }
            headBegun = true;
        }
        boolean fromStart = inHead && !inHeaders;
        int start = in.readerIndex();
        int before = out.size();
        super.decode(ctx, in, out);
        for (int i = before; i < out.size(); i++) {
            Object message = out.get(i);
            if (message instanceof HttpMessage) {
                connection.lastHead.see(in, start, fromStart ? in.readerIndex() : start);
                inHead = false;
                inHeaders = false;
            }
            if (message instanceof LastHttpContent) {
                inHead = true;
                headBegun = false;
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent && connection.readControl.holds()) {
            inputEndHeld = true;
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    /** What it overrides would read on where nothing was decoded, even while the connection takes no more. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        discardSomeReadBytes();
        ctx.fireChannelReadComplete();
        if (inputEndHeld && !connection.readControl.holds()) {
            inputEndHeld = false;
            super.userEventTriggered(ctx, ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) throws Exception {
        inHeaders = true;
        contentLengths = 0;
        return super.createMessage(initialLine);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        AsciiString name = super.splitHeaderName(line, start, length);
        if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name) && ++contentLengths > 1) {
            throw new IllegalArgumentException("more than one Content-Length");
        }
        return name;
    }

    private void refuse(ByteBuf in, List<Object> out, String why) {
        refused = true;
        var bad = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        bad.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(why)));
        out.add(bad);
        in.skipBytes(in.readableBytes());
    }

    /** Empty lines before a request are allowed (RFC 9112 section 2.2); returns what is wrong with them, or null. */
    private static @Nullable String skipEmptyLines(ByteBuf in) {
        while (in.isReadable()) {
            int at = in.readerIndex();
            byte first = in.getByte(at);
            if (first == '\n') {
                return "a line feed alone before the request";
            }
            if (first != '\r' || in.readableBytes() == 1) {
                return null;
            }
            if (in.getByte(at + 1) != '\n') {
                return "a carriage return alone before the request";
            }
            in.skipBytes(2);
        }
        return null;
    }

    private boolean waitsForLineFeed(ByteBuf in) {
        return !inHeaders && in.readableBytes() == 1 && in.getByte(in.readerIndex()) == '\r';
    }
}
