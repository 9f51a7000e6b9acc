package io.metricstream.http;

import io.metricstream.auth.AccessRole;
import io.metricstream.limit.Client;
import io.metricstream.limit.RateDecision;
import io.metricstream.limit.RateStanding;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.parse.ParseTrail;
import io.netty.buffer.ByteBuf;
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
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection: its requests in order, their answers in the same order, and its time limits.
 *
 * <p>Stands behind {@link StrictRequestDecoder}. Thread: its event loop. Owns: the exchanges under way, and through
 * {@link WriteIntake} the body being collected.
 *
 * <p>Limits: above {@value #MAX_EXCHANGES} unanswered requests, or while the client does not take its answers, nothing
 * more is read from it.
 */
@OwnedBy(Role.EVENT_LOOP)
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the connection, which channelInactive hears of.
final class Connection extends ChannelInboundHandlerAdapter {
    private static final int MAX_EXCHANGES = 64;
    private static final long LINGER_NANOS = 2_000_000_000L;
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** Its place in the list of {@link LoopContext}. */
    int slot = -1;

    final ParseTrail trail = new ParseTrail();
    private final LoopContext loop;
    private final WriteIntake intake;
    private final Dispatch dispatch;
    private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>(4);
    private final long closeAfterNanos;

    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Gate gate;
    private boolean reading;
    private boolean unflushed;
    private boolean flushScheduled;
    /** Answers made while reading are flushed when the read is complete. */
    private boolean inRead;

    private boolean inputEnded;
    /** Once set, what arrives is dropped: the last answer has been written. */
    private boolean closing;

    private long activeNanos;
    private long headStartNanos;
    private long lingerStartNanos;
    private long blockedSinceNanos;

    Connection(LoopContext loop, Dispatch dispatch, long closeAfterNanos) {
        this.loop = loop;
        this.dispatch = dispatch;
        this.closeAfterNanos = closeAfterNanos;
        this.intake = new WriteIntake(this, loop);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ctx = context;
        activeNanos = now();
        String address = context.channel().remoteAddress() instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : "local";
        gate = new Gate(loop.services, address);
        loop.add(this);
        if (!loop.stats.onOpen(loop.config.maxConnections())) {
            closing = true;
            Refusal refusal = Refusal.unavailable("busy", "too many connections (http.max-connections)", 1);
            Answer answer = Answer.refusal(refusal).header("x-request-id", RequestIds.make());
            context.writeAndFlush(answer.encode(context.alloc(), false, "close"));
            linger(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        loop.stats.onClose();
        loop.remove(this);
        intake.abort();
        exchanges.forEach(Exchange::discard);
        exchanges.clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        inRead = true;
        try {
            activeNanos = now();
            if (closing) {
                return;
            }
            if (message instanceof HttpRequest request) {
                onHead(request);
            }
            if (message instanceof HttpContent content && !closing) {
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
        blockedSinceNanos = context.channel().isWritable() ? 0 : Math.max(1, now());
        adjustReading();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (reading || exchanges.isEmpty() || closing) {
                context.close();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            loop.errorLog.onBug("-", "-", cause);
        }
        context.close();
    }

    /** Bytes of a next request have begun to arrive. */
    void onBytes() {
        if (headStartNanos == 0 && !reading) {
            headStartNanos = Math.max(1, now());
        }
    }

    private void onHead(HttpRequest request) {
        headStartNanos = 0;
        var exchange = new Exchange(this, request);
        exchanges.addLast(exchange);
        exchange.keepAlive &=
                !loop.services.admission().draining() && (closeAfterNanos == 0 || now() < closeAfterNanos);
        Refusal refusal = Strictness.check(request);
        if (refusal != null) {
            exchange.keepAlive = false;
            refuse(exchange, refusal);
            return;
        }
        reading = true;
        intake.onHead();
        try {
            dispatch.onHead(exchange, request, intake);
        } catch (RuntimeException bug) {
            onBug(exchange, bug);
        }
        if (exchange.isAnswered() && !intake.discards(request)) {
            exchange.keepAlive = false;
            reading = false;
        }
        writeReady();
        adjustReading();
    }

    private void onContent(HttpContent content) {
        if (!reading) {
            return;
        }
        boolean last = content instanceof LastHttpContent;
        if (content.decoderResult().isFailure()) {
            intake.onBroken(content.decoderResult().cause());
            reading = false;
        } else {
            try {
                intake.onContent(content.content(), last);
            } catch (RuntimeException bug) {
                Exchange exchange = exchanges.peekLast();
                intake.abort();
                if (exchange != null && !exchange.isAnswered()) {
                    onBug(exchange, bug);
                } else {
                    loop.errorLog.onBug("-", "-", bug);
                }
            }
            reading &= !last;
        }
        writeReady();
        adjustReading();
    }

    /** The answer of a write of which everything was stored; made by hand because it is the one that counts. */
    void answerStored(Exchange exchange, int samples) {
        ChannelHandlerContext context = ctx;
        if (context == null || closing) {
            return;
        }
        loop.stats.onAnswer(exchange.route, 200);
        ByteBuf out = context.alloc().directBuffer(256);
        StoredAnswer.write(out, samples, exchange.clientId, exchange.connectionHeader());
        exchange.answerWith(out);
        writeReady();
    }

    void answer(Exchange exchange, Answer answer) {
        ChannelHandlerContext context = ctx;
        if (context == null || closing) {
            return;
        }
        loop.stats.onAnswer(exchange.route, answer.status());
        if (exchange.clientId != null && answer.status() < 400) {
            answer.header("x-request-id", exchange.clientId);
        }
        exchange.answerWith(answer.encode(context.alloc(), exchange.head, exchange.connectionHeader()));
        writeReady();
    }

    void answerError(Exchange exchange, Answer answer, String message) {
        if (answer.status() >= 400) {
            String id = exchange.clientId == null ? RequestIds.make() : exchange.clientId;
            answer.header("x-request-id", id);
            loop.errorLog.onError(answer.status(), id, gate().name(), exchange.path, message);
        }
        answer(exchange, answer);
    }

    void refuse(Exchange exchange, Refusal refusal) {
        Answer answer = Answer.refusal(refusal);
        if (refusal.status() == 401) {
            answer.header("www-authenticate", "Bearer, Basic realm=\"metricstream\"");
        }
        answerError(exchange, answer, refusal.message());
    }

    void refuseRate(Exchange exchange, Client client, RateDecision decision, long weight) {
        RateStanding standing = client.standing(decision, now(), weight);
        loop.stats.onRateLimited();
        String message = decision.retryHelps()
                ? "over the limit of " + standing.limit() + " " + unit(decision) + " per second"
                : "this request alone has more than the limit of " + standing.limit() + " " + unit(decision)
                        + " per second; split it";
        Answer answer = Answer.refusal(new Refusal(429, "rate_limited", message, (int) standing.retryAfterSeconds()))
                .header("ratelimit-limit", String.valueOf(standing.limit()))
                .header("ratelimit-remaining", String.valueOf(standing.remaining()))
                .header("ratelimit-reset", String.valueOf(standing.resetSeconds()));
        answerError(exchange, answer, message);
    }

    private static String unit(RateDecision decision) {
        return switch (decision) {
            case SAMPLES_SPENT, SAMPLES_NEVER_FIT -> "samples";
            case BYTES_SPENT, BYTES_NEVER_FIT -> "bytes";
            case ALLOWED, REQUESTS_SPENT -> "requests";
        };
    }

    /** Answers 408 and closes, or closes at once where nothing is being sent. */
    void onSweep(long nowNanos) {
        ChannelHandlerContext context = ctx;
        if (context == null) {
            return;
        }
        HttpTimeouts timeouts = loop.config.timeouts();
        if (lingerStartNanos != 0) {
            if (nowNanos - lingerStartNanos > LINGER_NANOS) {
                context.close();
            }
        } else if (blockedSinceNanos != 0
                && nowNanos - blockedSinceNanos > timeouts.idle().toNanos()) {
            context.close();
        } else if (reading && intake.isLate(nowNanos)) {
            reading = false;
            Exchange exchange = exchanges.peekLast();
            intake.abort();
            if (exchange != null && !exchange.isAnswered()) {
                exchange.keepAlive = false;
                refuse(exchange, Refusal.of(408, "request_timeout", "the body took longer than http.body-timeout"));
                flushNow();
            } else {
                context.close();
            }
        } else if (headStartNanos != 0
                && nowNanos - headStartNanos > timeouts.header().toNanos()) {
            closing = true;
            String id = RequestIds.make();
            String message = "the headers took longer than http.header-timeout";
            loop.errorLog.onError(408, id, gate().name(), "-", message);
            context.writeAndFlush(Answer.refusal(Refusal.of(408, "request_timeout", message))
                    .header("x-request-id", id)
                    .encode(context.alloc(), false, "close"));
            linger(context);
        } else if (exchanges.isEmpty()
                && !reading
                && nowNanos - activeNanos > timeouts.idle().toNanos()) {
            context.close();
        }
    }

    /** Ends a connection that is between requests, when the server stops; false where a request is under way. */
    boolean closeIfIdle() {
        boolean idle = exchanges.isEmpty() && !reading;
        ChannelHandlerContext context = ctx;
        if (idle && context != null) {
            context.close();
        }
        return idle;
    }

    /** Runs a task that touches this connection from another thread. */
    void onOwnLoop(Runnable task) {
        loop.execute(task);
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

    private void onBug(Exchange exchange, RuntimeException bug) {
        String id = exchange.clientId == null ? RequestIds.make() : exchange.clientId;
        loop.errorLog.onBug(id, exchange.path, bug);
        exchange.keepAlive = false;
        answer(
                exchange,
                Answer.refusal(Refusal.of(500, "internal", "the server failed; see its log for this request id"))
                        .header("x-request-id", id));
    }

    /** Writes the answers that are ready, in the order of their requests. */
    private void writeReady() {
        ChannelHandlerContext context = ctx;
        if (context == null) {
            return;
        }
        Exchange first = exchanges.peekFirst();
        while (first != null && first.isAnswered() && !closing) {
            exchanges.removeFirst();
            context.write(first.takeAnswer(), context.voidPromise());
            unflushed = true;
            activeNanos = now();
            if (!first.keepAlive) {
                closing = true;
                context.flush();
                intake.abort();
                linger(context);
                return;
            }
            first = exchanges.peekFirst();
        }
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
     * Closes in two steps, so that a client which is still sending sees the answer and not a reset: our side ends, what
     * still comes is dropped, and the sweep closes for good.
     */
    private void linger(ChannelHandlerContext context) {
        lingerStartNanos = Math.max(1, now());
        exchanges.forEach(Exchange::discard);
        exchanges.clear();
        if (context.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            context.close();
        }
        if (inputEnded) {
            context.close();
        }
        context.channel().config().setAutoRead(true);
    }

    private void adjustReading() {
        ChannelHandlerContext context = ctx;
        if (context != null) {
            boolean wanted = closing || (context.channel().isWritable() && exchanges.size() < MAX_EXCHANGES);
            if (context.channel().config().isAutoRead() != wanted) {
                context.channel().config().setAutoRead(wanted);
            }
        }
    }

    /** The role a route asks for. */
    static AccessRole roleOf(Route route) {
        return route == Route.WRITE ? AccessRole.WRITE : AccessRole.READ;
    }
}
