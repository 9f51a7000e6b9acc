package io.metricstream.http;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.parse.ParseTrail;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection: its requests in order, their answers in the same order, and its time limits.
 *
 * <p>Stands behind {@link StrictRequestDecoder}. Thread: its event loop. Owns: the exchanges under way, and through
 * {@link WriteIntake} the body being collected.
 *
 * <p>Limits: above {@value #MAX_EXCHANGES} unanswered requests, or while the client does not take its answers, nothing
 * more is read from it, nor decoded of what was read.
 */
@OwnedBy(Role.EVENT_LOOP)
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the connection, which channelInactive hears of.
final class Connection extends ChannelInboundHandlerAdapter {
    private static final int MAX_EXCHANGES = 64;
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** Its place in the list of {@link LoopContext}. */
    int slot = -1;

    final ParseTrail trail = new ParseTrail();
    final LastHead lastHead;
    final ReadControl readControl;
    final LoopContext loop;
    private final WriteIntake intake;
    private final Dispatch dispatch;
    private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>(4);
    private final long closeAfterNanos;
    private final Deadlines deadlines;

    @Nullable
    ChannelHandlerContext ctx;

    private @Nullable Gate gate;
    private boolean reading;
    private boolean unflushed;
    private boolean flushScheduled;
    /** Answers made while reading are flushed when the read is complete. */
    private boolean inRead;

    /** There were too many when it came. */
    private boolean refused;

    private boolean inputEnded;
    /** Once set, what arrives is dropped: the last answer has been written. */
    boolean closing;

    Connection(LoopContext loop, Dispatch dispatch, long closeAfterNanos) {
        this.loop = loop;
        this.dispatch = dispatch;
        this.closeAfterNanos = closeAfterNanos;
        this.intake = new WriteIntake(this, loop);
        this.lastHead = new LastHead(loop.config.limits(), loop.headScratch);
        this.deadlines = new Deadlines(loop.config.timeouts(), now());
        this.readControl = new ReadControl(this, deadlines);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ctx = context;
        String address = context.channel().remoteAddress() instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : "local";
        gate = new Gate(loop.services, address);
        loop.add(this);
        refused = !loop.stats.onOpen(loop.config.maxConnections());
        if (refused) {
            refuseConnection(Refusal.unavailable("busy", "too many connections (http.max-connections)", 1));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        loop.stats.onClose(refused);
        loop.remove(this);
        intake.abort();
        exchanges.forEach(Exchange::discard);
        exchanges.clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        inRead = true;
        try {
            if (message instanceof HttpRequest request && takesRequests(context)) {
                onHead(request);
            }
            if (message instanceof HttpContent content && reading) {
                onContent(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        inRead = false;
        flushNow();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        deadlines.onWritable(context.channel().isWritable(), now());
        adjustReading();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            reading = false;
            deadlines.onEnd();
            exchanges.remove(intake.abort());
            exchanges.forEach(Exchange::onLeft);
            if (closing ? deadlines.lingers() : exchanges.isEmpty()) {
                context.close();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            context.close();
        } else {
            fail(cause);
        }
    }

    /** Bytes of a head have arrived, after the end of the request before. */
    void onHeadBytes() {
        if (!deadlines.inHead() && !endsHere()) {
            deadlines.onHeadBytes(now());
        }
    }

    /** Whether the connection ends with an answer already made or under way, and what else comes is no request. */
    private boolean endsHere() {
        Exchange last = exchanges.peekLast();
        return closing || (last != null && last.closes());
    }

    private boolean takesRequests(ChannelHandlerContext context) {
        return !endsHere() && context.channel().isActive();
    }

    /** Takes a write of which all is there and whose head is the one read last; false where this is none. */
    boolean takeRepeated(ByteBuf in) {
        ChannelHandlerContext context = ctx;
        if (context == null || !takesRequests(context) || !takesMore()) {
            return false;
        }
        int bodyAt = lastHead.match(in);
        if (bodyAt == LastHead.NO_MATCH) {
            return false;
        }
        inRead = true;
        int length = lastHead.bodyBytes();
        Exchange exchange = lastHead.exchange();
        long nowNanos = now();
        add(exchange, nowNanos);
        reading = true;
        deadlines.onActivity(nowNanos);
        intake.onHead();
        try {
            dispatch.onWrite(exchange, lastHead.write(), length, intake);
        } catch (RuntimeException bug) {
            exchange.onBug(bug);
        }
        if (exchange.isAnswered()) {
            writeReady();
        }
        if (reading) {
            in.readerIndex(bodyAt);
            try {
                intake.onBody(in, length);
            } catch (RuntimeException bug) {
                onBodyBug(bug);
            }
            reading = false;
        }
        in.readerIndex(bodyAt + length);
        deadlines.onEnd();
        writeReady();
        return true;
    }

    private void add(Exchange exchange, long nowNanos) {
        exchanges.addLast(exchange);
        exchange.keepAlive &=
                !loop.services.admission().draining() && (closeAfterNanos == 0 || nowNanos < closeAfterNanos);
    }

    private void onHead(HttpRequest request) {
        var exchange = new Exchange(this, request);
        long nowNanos = now();
        add(exchange, nowNanos);
        Refusal refusal = Strictness.check(request);
        if (refusal != null) {
            deadlines.onEnd();
            exchange.keepAlive = false;
            exchange.refuse(refusal);
            return;
        }
        reading = true;
        deadlines.onActivity(nowNanos);
        deadlines.onBody(nowNanos);
        exchange.bodyUnread = !intake.discards(request);
        intake.onHead();
        try {
            dispatch.onHead(exchange, request, intake);
        } catch (RuntimeException bug) {
            exchange.onBug(bug);
        }
        writeReady();
    }

    private void onContent(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (content.decoderResult().isFailure()) {
            intake.onBroken(content.decoderResult().cause());
            last = true;
        } else {
            try {
                intake.onContent(content.content(), last);
            } catch (RuntimeException bug) {
                onBodyBug(bug);
            }
        }
        if (last) {
            reading = false;
            deadlines.onEnd();
        }
        writeReady();
    }

    private void onBodyBug(RuntimeException bug) {
        Exchange exchange = exchanges.peekLast();
        intake.abort();
        if (exchange != null && !exchange.isAnswered()) {
            exchange.onBug(bug);
        } else {
            loop.errorLog.onBug("-", "-", bug);
        }
    }

    /** Answers what takes too long with 408 and closes, or closes at once where nothing is being sent. */
    void onSweep(long nowNanos) {
        ChannelHandlerContext context = ctx;
        if (context == null) {
            return;
        }
        switch (deadlines.check(nowNanos, !exchanges.isEmpty())) {
            case NOTHING -> {}
            case CLIENT -> context.close();
            case HEAD ->
                refuseConnection(
                        Refusal.of(408, "request_timeout", "the headers took longer than http.header-timeout"));
            case BODY -> onLateBody(context);
        }
    }

    private void onLateBody(ChannelHandlerContext context) {
        reading = false;
        deadlines.onEnd();
        Exchange bodyless = intake.abort();
        Exchange last = exchanges.peekLast();
        if (bodyless != null) {
            intake.refuseRest(
                    bodyless, Refusal.of(408, "request_timeout", "the body took longer than http.body-timeout"));
        } else if (last != null) {
            last.keepAlive = false;
        } else {
            context.close();
        }
    }

    /** Answers what did not become a request, in its turn, and closes. */
    private void refuseConnection(Refusal refusal) {
        deadlines.onEnd();
        var exchange = new Exchange(this);
        exchanges.addLast(exchange);
        exchange.refuse(refusal);
    }

    /**
     * Ends a connection on which no request is under way, when the server stops; false where one is, or where its last
     * answer has not been taken yet. One of which only a part of the head has come is refused.
     */
    boolean closeIfIdle() {
        ChannelHandlerContext context = ctx;
        if (context == null || !context.channel().isActive()) {
            return true;
        }
        if (closing || reading || readControl.holds() || !exchanges.isEmpty()) {
            return false;
        }
        if (deadlines.inHead()) {
            refuseConnection(Refusal.unavailable("draining", "the server is stopping", 1));
            return false;
        }
        closing = true;
        // An empty write ends after all answers before it.
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        return !context.channel().isActive();
    }

    /** Has a task that touches this connection run by its loop; false where that has ended, and the connection with it. */
    boolean onOwnLoop(Runnable task) {
        try {
            loop.execute(() -> runOrFail(task));
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    private void runOrFail(Runnable task) {
        try {
            task.run();
        } catch (Throwable bug) {
            fail(bug);
        }
    }

    void flushNow() {
        flushScheduled = false;
        ChannelHandlerContext context = ctx;
        if (unflushed && context != null) {
            unflushed = false;
            context.flush();
        }
    }

    Gate gate() {
        Gate known = gate;
        if (known == null) {
            throw new IllegalStateException("a request before the connection was open");
        }
        return known;
    }

    long now() {
        return loop.services.nanoClock().nanos();
    }

    /** Whether a request still waits for its answer here. */
    boolean awaitsAnswer(Exchange exchange) {
        return !exchange.isAnswered() && exchanges.contains(exchange);
    }

    /** Where the memory for an answer comes from; null where no answer can be sent any more. */
    @Nullable
    ByteBufAllocator answerMemory() {
        ChannelHandlerContext context = ctx;
        return context == null || closing ? null : context.alloc();
    }

    /** Ends the connection because of something unexpected, of which nobody knows what it left undone. */
    void fail(Throwable bug) {
        loop.errorLog.onBug("-", "-", bug);
        close();
    }

    void close() {
        ChannelHandlerContext context = ctx;
        if (context != null) {
            context.close();
        }
    }

    /** Writes the answers that are ready, in the order of their requests, and reads on where there is room again. */
    void writeReady() {
        ChannelHandlerContext context = ctx;
        if (context == null) {
            return;
        }
        Exchange first = exchanges.peekFirst();
        while (first != null && first.isAnswered() && !closing) {
            ReplyStream stream = first.stream();
            if (stream != null) {
                context.write(first.takeAnswer()).addListener(stream::onWritten);
                unflushed = true;
                deadlines.onActivity(now());
                break;
            }
            exchanges.removeFirst();
            if (first.closes()) {
                end(context, first.takeAnswer());
                return;
            }
            context.write(first.takeAnswer(), context.voidPromise());
            unflushed = true;
            deadlines.onActivity(now());
            first = exchanges.peekFirst();
        }
        adjustReading();
        if (first != null && first.wantsContinue) {
            first.wantsContinue = false;
            context.write(context.alloc().directBuffer(CONTINUE.length).writeBytes(CONTINUE), context.voidPromise());
            unflushed = true;
        }
        if (unflushed && !inRead && !flushScheduled) {
            flushScheduled = loop.flushesLater(this);
            if (!flushScheduled) {
                flushNow();
            }
        }
        if (inputEnded && exchanges.isEmpty()) {
            context.writeAndFlush(context.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /**
     * Writes the last answer and closes in two steps, so that a client which is still sending sees the answer and not a
     * reset: when the answer is out our side ends, what still comes is dropped, and the client closes, or the sweep does.
     * In a flood of connections there is no time for that.
     */
    private void end(ChannelHandlerContext context, ByteBuf lastAnswer) {
        closing = true;
        reading = false;
        deadlines.onEnd();
        deadlines.onActivity(now());
        intake.abort();
        adjustReading();
        context.writeAndFlush(lastAnswer).addListener(written -> {
            deadlines.onLinger(now());
            boolean flood = refused && loop.stats.refusedOpen() > loop.config.maxLingering();
            if (context.channel() instanceof DuplexChannel duplex && !inputEnded && !flood) {
                duplex.shutdownOutput();
            } else {
                context.close();
            }
        });
    }

    /** False while too much is unanswered, or answered and not taken by the client. */
    boolean takesMore() {
        ChannelHandlerContext context = ctx;
        return closing || (context != null && context.channel().isWritable() && exchanges.size() < MAX_EXCHANGES);
    }

    private void adjustReading() {
        ChannelHandlerContext context = ctx;
        if (context != null) {
            readControl.adjust(context);
        }
    }
}
