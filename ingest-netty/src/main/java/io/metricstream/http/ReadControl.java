package io.metricstream.http;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;

/**
 * Switches the reading of a connection off and on, and with it the decoding of what has been read already: one read may
 * bring thousands of requests, which must not become thousands of answers that nobody takes.
 *
 * <p>Thread: the connection's event loop.
 */
@OwnedBy(Role.EVENT_LOOP)
final class ReadControl {
    private final Deadlines deadlines;
    private boolean decodingStopped;

    ReadControl(Deadlines deadlines) {
        this.deadlines = deadlines;
    }

    /** The decoder was not allowed to go on and has to be called again. */
    void onDecodingStopped() {
        decodingStopped = true;
    }

    /** Whether bytes have been read and not been decoded. */
    boolean holdsBytes() {
        return decodingStopped;
    }

    void adjust(ChannelHandlerContext context, boolean wanted, long nowNanos) {
        ChannelConfig config = context.channel().config();
        if (config.isAutoRead() != wanted) {
            deadlines.onReading(wanted, nowNanos);
            config.setAutoRead(wanted);
        }
        if (wanted && decodingStopped) {
            decodingStopped = false;
            // Not at once: whoever calls is in the middle of something that the next request may change.
            context.executor().execute(() -> decodeOn(context));
        }
    }

    private static void decodeOn(ChannelHandlerContext context) {
        context.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
        context.pipeline().fireChannelReadComplete();
    }
}
