package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The client's end of a connection of {@link PipelineRig}. */
final class Peer {
    private final EmbeddedChannel channel;
    private final PipelineRig rig;
    private Connection connection;
    private boolean takes = true;

    Peer(PipelineRig rig, Dispatch dispatch, long closeAfterNanos) {
        this.rig = rig;
        channel =
                new EmbeddedChannel(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        fresh.config().setAllocator(rig.allocator);
                        connection = new Connection(rig.loop, dispatch, closeAfterNanos);
                        fresh.pipeline().addLast(new StrictRequestDecoder(rig.config.limits(), 256 << 10, connection));
                        fresh.pipeline().addLast(connection);
                    }
                }) {
                    @Override
                    protected void doWrite(ChannelOutboundBuffer answers) throws Exception {
                        if (takes) {
                            super.doWrite(answers);
                        }
                    }
                };
    }

    Connection connection() {
        return connection;
    }

    Peer send(String latin1) {
        return send(AnswerReader.latin1(latin1));
    }

    Peer send(byte[] bytes) {
        channel.writeInbound(rig.allocator.heapBuffer(bytes.length).writeBytes(bytes));
        return this;
    }

    /** Whether the client takes what the server sends it. */
    Peer takesAnswers(boolean whether) {
        takes = whether;
        channel.flush();
        return run();
    }

    /** Sends no more, but still reads. */
    Peer endInput() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        return run();
    }

    /** Goes away without a word. */
    Peer disconnect() {
        var unused = channel.close();
        return run();
    }

    Peer run() {
        rig.run();
        runOwn();
        return this;
    }

    /** Runs what waits for this channel alone. */
    void runOwn() {
        channel.runPendingTasks();
    }

    /** The server's next so many attempts to get memory for this connection's answers fail. */
    Peer failsToAnswer(int times) {
        var left = new AtomicInteger(times);
        channel.config().setAllocator((ByteBufAllocator) Proxy.newProxyInstance(
                ByteBufAllocator.class.getClassLoader(),
                new Class<?>[] {ByteBufAllocator.class},
                (proxy, method, arguments) -> {
                    if (left.getAndDecrement() > 0) {
                        throw new OutOfMemoryError("as the test wants it");
                    }
                    return method.invoke(rig.allocator, arguments);
                }));
        return this;
    }

    boolean closeIfIdle() {
        boolean idle = connection.closeIfIdle();
        run();
        return idle;
    }

    /** False while the server does not want more from this client. */
    boolean isRead() {
        return channel.config().isAutoRead();
    }

    boolean isClosed() {
        return !channel.isOpen();
    }

    /** The one answer that has come since the last call. */
    HttpAnswer answer() {
        List<HttpAnswer> all = answers();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    /** The answers that have come since the last call, none of them to HEAD. */
    List<HttpAnswer> answers() {
        return parse(received(), false);
    }

    /** The one answer to HEAD that has come since the last call. */
    HttpAnswer answerToHead() {
        List<HttpAnswer> all = parse(received(), true);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    List<Integer> statuses() {
        return answers().stream().map(HttpAnswer::status).toList();
    }

    /** The bytes that have come since the last call. */
    byte[] received() {
        var bytes = new ByteArrayOutputStream();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            byte[] copy = new byte[piece.readableBytes()];
            piece.readBytes(copy);
            piece.release();
            bytes.writeBytes(copy);
        }
        return bytes.toByteArray();
    }

    void close() {
        var unused = channel.close();
        run();
        received();
        rig.forget(this);
        assertThat(channel.finishAndReleaseAll()).as("something is left over").isFalse();
        channel.checkException();
    }

    static List<HttpAnswer> parse(byte[] bytes, boolean head) {
        var reader = new AnswerReader(new ByteArrayInputStream(bytes));
        List<HttpAnswer> answers = new ArrayList<>();
        try {
            for (HttpAnswer answer = reader.next(head); answer != null; answer = reader.next(head)) {
                answers.add(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(new String(bytes, StandardCharsets.ISO_8859_1), e);
        }
        return answers;
    }
}
