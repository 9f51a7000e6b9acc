package io.metricstream.http;

import io.metricstream.limit.Client;
import io.metricstream.limit.RateDecision;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the body of the request that a connection is reading, a write's or that of a question: collects it, drops it, or hands it on
 * when it is whole.
 *
 * <p>Thread: the connection's event loop. Owns: the bytes collected so far.
 */
@OwnedBy(Role.EVENT_LOOP)
final class WriteIntake {
    /** A refused request's body up to this size is read and dropped, so that the connection can go on. */
    private static final long DISCARD_BYTES = 1 << 20;
    /** Parameters are decoded by the event loop, and no question needs as many. */
    private static final int QUESTION_BYTES = 1 << 20;

    private final Connection connection;
    private final LoopContext loop;
    private final Body body;

    /** The request whose body is being collected; null while bytes are dropped. */
    private @Nullable Exchange exchange;

    private @Nullable Client client;
    private @Nullable WriteHead head;
    private boolean lengthKnown;
    /** Takes the body in place of a write, where it belongs to a question. */
    private @Nullable Consumer<byte[]> question;

    WriteIntake(Connection connection, LoopContext loop) {
        this.connection = connection;
        this.loop = loop;
        this.body = new Body(loop.bodyMemory, loop.bodyArrays);
    }

    /** A request's head has come; until {@link #collect} or {@link #collectQuestion} its body is dropped. */
    void onHead() {
        exchange = null;
        question = null;
    }

    /** The request passed all checks: its body is wanted. */
    void collect(Exchange of, Client from, WriteHead saying, boolean lengthIsKnown) {
        exchange = of;
        of.bodyUnread = false;
        client = from;
        head = saying;
        lengthKnown = lengthIsKnown;
    }

    /** The body of this request is a form or a message; it is handed on as the taker's own. */
    void collectQuestion(Exchange of, Consumer<byte[]> taker) {
        exchange = of;
        of.bodyUnread = false;
        question = taker;
    }

    /** Whether the body of a request that is answered already can be dropped, and the connection kept. */
    boolean discards(HttpRequest request) {
        // Who expects something may send the body, or a next request in its place.
        if (request.headers().contains(HttpHeaderNames.EXPECT) || HttpUtil.isTransferEncodingChunked(request)) {
            return false;
        }
        return HttpUtil.getContentLength(request, 0L) <= DISCARD_BYTES;
    }

    void onContent(ByteBuf piece, boolean last) {
        loop.stats.onBody(piece.readableBytes());
        Exchange of = exchange;
        if (of == null) {
            return;
        }
        if (last && body.length() == 0) {
            int length = piece.readableBytes();
            if (length > limitBytes()) {
                refuseRest(of, tooLarge());
            } else {
                onWhole(of, loop.scratch(piece, length), length);
            }
            return;
        }
        switch (body.add(piece, limitBytes())) {
            case OK -> {
                if (last) {
                    onWhole(of, body.bytes(), body.length());
                }
            }
            case TOO_LARGE -> refuseRest(of, tooLarge());
            case NO_MEMORY -> refuseRest(of, noMemory());
        }
    }

    /** The whole body of a request, in one piece together with its head. */
    void onBody(ByteBuf in, int length) {
        loop.stats.onBody(length);
        Exchange of = exchange;
        if (of != null) {
            onWhole(of, loop.scratch(in, length), length);
        }
    }

    /** The body's framing is broken, so what follows it cannot be found. */
    void onBroken(@Nullable Throwable cause) {
        Exchange of = abort();
        if (of != null) {
            refuseRest(of, Strictness.undecodableBody(cause));
        }
    }

    /** Drops what was collected, and what is still to come; returns the write that gets no body, if there is one. */
    @Nullable
    Exchange abort() {
        Exchange of = exchange;
        exchange = null;
        body.release();
        return of;
    }

    private void onWhole(Exchange of, byte[] bytes, int length) {
        exchange = null;
        Consumer<byte[]> taker = question;
        if (taker != null) {
            byte[] own = Arrays.copyOf(bytes, length);
            body.release();
            taker.accept(own);
            return;
        }
        Client from = client;
        WriteHead said = head;
        if (from == null || said == null) {
            throw new IllegalStateException("a body without a client: path=" + of.path);
        }
        try {
            if (!lengthKnown) {
                RateDecision decision = from.tryBytes(connection.now(), length);
                if (!decision.allowed()) {
                    of.refuseRate(from, decision, length);
                    return;
                }
            }
            if (said.encoding() == BodyKind.Encoding.IDENTITY) {
                take(of, from, said, bytes, length, body.heldBytes());
            } else {
                inflate(of, from, said, bytes, length);
            }
        } finally {
            body.release();
        }
    }

    private void inflate(Exchange of, Client from, WriteHead said, byte[] bytes, int length) {
        Inflater inflater = loop.inflater;
        try {
            int inflated = inflater.inflate(
                    said.encoding(),
                    bytes,
                    length,
                    body.heldBytes(),
                    loop.config.limits().bodyBytes());
            switch (inflated) {
                case Inflater.TOO_LARGE -> of.refuse(tooLarge());
                case Inflater.NO_MEMORY -> of.refuse(noMemory());
                default -> take(of, from, said, inflater.bytes(), inflated, body.heldBytes() + inflater.heldBytes());
            }
        } catch (IOException broken) {
            of.refuse(Refusal.of(
                    400, "invalid_encoding", "the body is not " + said.encoding() + ": " + broken.getMessage()));
        } finally {
            inflater.doneWith();
        }
    }

    /** @param heldBytes what the body takes of {@link BodyMemory} as long as this call lasts */
    private void take(Exchange of, Client from, WriteHead said, @Borrowed byte[] bytes, int length, long heldBytes) {
        if (of.route != Route.IMPORT) {
            loop.takeWrite().take(of, from, said.format(), connection.trail, bytes, length);
        } else if (loop.bodyMemory.tryTake(length, heldBytes)) {
            new ImportWrite(loop, of, from, Arrays.copyOf(bytes, length)).next();
        } else {
            of.refuse(noMemory());
        }
    }

    private static Refusal noMemory() {
        return Refusal.unavailable("busy", "bodies under way take all of http.body-memory", 1);
    }

    private int limitBytes() {
        int bodyBytes = loop.config.limits().bodyBytes();
        return question == null ? bodyBytes : Math.min(QUESTION_BYTES, bodyBytes);
    }

    private Refusal tooLarge() {
        int limit = limitBytes();
        String who = limit == loop.config.limits().bodyBytes() ? "http.max-body" : "the most a question may have";
        return Refusal.of(413, "body_too_large", "the body is longer than " + limit + " bytes (" + who + ")");
    }

    /** Refuses in the middle of a body, of which nobody knows how much is still to come. */
    void refuseRest(Exchange of, Refusal refusal) {
        abort();
        of.keepAlive = false;
        of.refuse(refusal);
    }
}
