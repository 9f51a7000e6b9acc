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
 * <p>Thread: the connection's event loop. Order: nothing is read before what is held has been decoded.
 */
@OwnedBy(Role.EVENT_LOOP)
final class ReadControl {
    private final Connection connection;
    private final Deadlines deadlines;
    private boolean holds;
    /** The decoder is being called again, or will be. */
    private boolean resumes;

    ReadControl(Connection connection, Deadlines deadlines) {
        this.connection = connection;
        this.deadlines = deadlines;
    }

    /** The decoder left bytes that were read, because the connection takes no more. */
    void onHeld() {
        holds = true;
    }

    /** Whether bytes have been read and not been decoded. */
    boolean holds() {
        return holds;
    }

    /** Whether the connection takes more may have changed. */
    void adjust(ChannelHandlerContext context) {
        boolean takesMore = connection.takesMore();
        if (holds && takesMore && !resumes) {
            resumes = true;
            // Not at once: whoever calls is in the middle of something that the next request may change.
            context.executor().execute(() -> resume(context));
        }
        boolean reads = takesMore && !holds && !resumes;
        ChannelConfig config = context.channel().config();
        if (config.isAutoRead() != reads) {
            deadlines.onReading(reads, connection.now());
            config.setAutoRead(reads);
        }
    }

    private void resume(ChannelHandlerContext context) {
        holds = false;
        context.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
        resumes = false;
        adjust(context);
        context.pipeline().fireChannelReadComplete();
    }
}
