package io.metricstream.load;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * Puts the pieces of an answer together for its connection.
 *
 * <p>Stands behind the {@code HttpResponseDecoder}; one for each channel. Thread: the event loop. Limits: of an answer's
 * body the first {@value #MOST_TEXT_BYTES} bytes are looked at.
 */
@OwnedBy(Role.EVENT_LOOP)
@SuppressWarnings("FutureReturnValueIgnored") // channelInactive hears of a channel that was closed.
final class AnswerReader extends ChannelInboundHandlerAdapter {
    private static final int MOST_TEXT_BYTES = 4096;

    private final LoadConnection connection;
    private final StringBuilder text = new StringBuilder();
    private int status;
    private int retryAfterSeconds;
    private boolean keepAlive;
    private String failure = "closed by the server";

    AnswerReader(LoadConnection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpResponse response) {
                onHead(response);
            }
            if (message instanceof HttpContent content) {
                onContent(context, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.onClosed(failure);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failure = String.valueOf(cause.getMessage());
        context.close();
    }

    private void onHead(HttpResponse response) {
        status = response.decoderResult().isSuccess() ? response.status().code() : 0;
        keepAlive = status != 0 && HttpUtil.isKeepAlive(response);
        retryAfterSeconds = seconds(response.headers().get(HttpHeaderNames.RETRY_AFTER, ""));
        text.setLength(0);
    }

    private void onContent(ChannelHandlerContext context, HttpContent content) {
        ByteBuf piece = content.content();
        int length = Math.min(piece.readableBytes(), MOST_TEXT_BYTES - text.length());
        text.append(piece.toString(piece.readerIndex(), length, StandardCharsets.US_ASCII));
        if (!(content instanceof LastHttpContent)) {
            return;
        }
        if (status == 0 || content.decoderResult().isFailure()) {
            failure = "an answer that is no HTTP";
            context.close();
        } else if (HttpStatusClass.valueOf(status) != HttpStatusClass.INFORMATIONAL) {
            connection.onAnswer(status, retryAfterSeconds, keepAlive, text);
        }
    }

    /** A whole number of seconds; 1 for a date, or where there is nothing. */
    private static int seconds(String retryAfter) {
        boolean number = !retryAfter.isEmpty()
                && retryAfter.length() <= 6
                && retryAfter.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(retryAfter) : 1;
    }
}
