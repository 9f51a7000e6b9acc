package io.metricstream.load;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens the connections of one event loop, and opens them again when they end.
 *
 * <p>Thread: that event loop. Fails: a connection that cannot be had hears so and decides when to try again.
 */
@OwnedBy(Role.EVENT_LOOP)
final class Connector {
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final InetSocketAddress server;
    private boolean closed;
    private int stillOpening;
    private int open;
    private @Nullable Promise<Integer> opening;

    Connector(EventLoop loop, Bootstrap bootstrap, InetSocketAddress server) {
        this.loop = loop;
        this.bootstrap = bootstrap;
        this.server = server;
    }

    /** Opens all of them; done, with how many are open, when each has succeeded or failed once. */
    void openAll(List<LoadConnection> connections, Promise<Integer> whenTried) {
        opening = whenTried;
        stillOpening = connections.size();
        connections.forEach(this::connect);
    }

    /** Opens one again after that time. */
    void reopen(LoadConnection connection, long delayMillis) {
        if (!closed) {
            var unused = loop.schedule(() -> connect(connection), delayMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** Opens nothing any more. */
    void close() {
        closed = true;
    }

    private void connect(LoadConnection connection) {
        if (!closed) {
            bootstrap
                    .clone(loop)
                    .handler(handlers(connection))
                    .connect(server)
                    .addListener((ChannelFuture connected) -> onConnected(connection, connected));
        }
    }

    private static ChannelInitializer<Channel> handlers(LoadConnection connection) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(new HttpResponseDecoder(new HttpDecoderConfig().setValidateHeaders(false)))
                        .addLast(new AnswerReader(connection));
            }
        };
    }

    private void onConnected(LoadConnection connection, ChannelFuture connected) {
        Channel channel = connected.channel();
        if (!connected.isSuccess()) {
            connection.onConnectFailure(String.valueOf(connected.cause().getMessage()));
        } else if (closed) {
            var unused = channel.close();
        } else if (!channel.isActive()) {
            // It ended before it began, so that no handler will hear of its end.
            connection.onConnectFailure("closed by the server at once");
        } else {
            open++;
            connection.onOpen(channel);
        }
        Promise<Integer> whenTried = opening;
        if (whenTried != null && --stillOpening == 0) {
            opening = null;
            whenTried.setSuccess(open);
        }
    }
}
