package io.metricstream.http;

import io.metricstream.own.Borrowed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/** The side of a {@link ReplyStream} that the connection sees. Thread: the connection's event loop. Stateless. */
final class ReplyPieces {
    private ReplyPieces() {}

    /** Begins an answer that comes in pieces; with HEAD, or where nobody is there, none are wanted. */
    static void begin(Exchange exchange, Answer answer, ReplyStream stream) {
        ChannelHandlerContext context = open(exchange.connection);
        if (context == null || exchange.head) {
            stream.onGone();
        }
        if (context == null) {
            return;
        }
        exchange.connection.loop.stats.onAnswer(exchange.route, answer.status());
        if (exchange.clientId != null) {
            answer.header("x-request-id", exchange.clientId);
        }
        // Of those who know no chunks, the end of the connection is the end of the body.
        exchange.keepAlive &= !exchange.oldVersion;
        ByteBuf head = answer.lines(exchange.crossOrigin)
                .encodeHead(context.alloc(), !exchange.oldVersion, exchange.connectionHeader());
        exchange.answerWithPiece(head, exchange.head ? null : stream);
        exchange.connection.writeReady();
    }

    /** Goes on with an answer in pieces. */
    static void add(Exchange exchange, @Borrowed byte[] bytes, int length, ReplyStream stream, boolean last) {
        ChannelHandlerContext context = open(exchange.connection);
        if (context == null) {
            stream.onGone();
            return;
        }
        ByteBuf piece = context.alloc().directBuffer(length + 32);
        frame(piece, bytes, length, !exchange.oldVersion, last);
        exchange.answerWithPiece(piece, last ? null : stream);
        exchange.connection.writeReady();
    }

    /** Ends the connection in the middle of an answer, which is how its client learns that the rest is missing. */
    static void cut(Exchange exchange, String message, @Nullable RuntimeException bug) {
        Connection connection = exchange.connection;
        ChannelHandlerContext context = open(connection);
        if (context == null) {
            return;
        }
        String id = exchange.idForLog();
        connection.loop.errorLog.onError(
                500, id, connection.gate().name(), exchange.path, "the answer was cut off: " + message);
        if (bug != null) {
            connection.loop.errorLog.onBug(id, exchange.path, bug);
        }
        var unused = context.close();
    }

    /** Null where nothing can be answered any more. */
    private static @Nullable ChannelHandlerContext open(Connection connection) {
        ChannelHandlerContext context = connection.ctx;
        return context == null || connection.closing || !context.channel().isActive() ? null : context;
    }

    private static void frame(ByteBuf out, byte[] bytes, int length, boolean chunked, boolean last) {
        if (chunked && length > 0) {
            ByteBufUtil.writeAscii(out, Integer.toHexString(length) + "\r\n");
        }
        out.writeBytes(bytes, 0, length);
        if (chunked) {
            ByteBufUtil.writeAscii(out, (length > 0 ? "\r\n" : "") + (last ? "0\r\n\r\n" : ""));
        }
    }
}
