package io.metricstream.http;

import io.metricstream.limit.Client;
import io.metricstream.limit.RateDecision;
import io.metricstream.limit.RateStanding;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Cancellation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * One request on a connection, from its head to its answer. Answers leave in the order of the requests.
 *
 * <p>Thread: the connection's event loop. Owns: the encoded answer until it is written.
 */
@OwnedBy(Role.EVENT_LOOP)
final class Exchange {
    private static final String HTTP = "http://";

    final Connection connection;
    final boolean head;
    final boolean oldVersion;
    final String path;
    /** The client's own id, or null. */
    final @Nullable String clientId;
    /** The lines of the answer that let pages of other servers read it; see {@link CrossOrigin}. */
    final String crossOrigin;

    Route route = Route.NONE;
    /** False where the connection ends with this answer. */
    boolean keepAlive;
    /** The rest of the body is neither wanted nor short enough to be dropped, so the connection ends with this answer. */
    boolean bodyUnread;
    /** The client waits for leave to send its body. */
    boolean wantsContinue;

    boolean allOrNothing;
    /** The answer to a call of the API may be compressed. */
    boolean takesGzip;
    /** What a client that asks a call of the API says that it takes. */
    String accept = "";
    /** Ends what is done for the client when it leaves; null where nothing is. */
    @Nullable
    Cancellation cancellation;

    private @Nullable ByteBuf answer;
    /** Hears when a piece of the answer is out; null where no more pieces come. */
    private @Nullable ReplyStream stream;

    Exchange(Connection connection, HttpRequest request) {
        this.connection = connection;
        this.head = request.method().equals(HttpMethod.HEAD);
        this.oldVersion = request.protocolVersion().minorVersion() == 0;
        this.keepAlive = HttpUtil.isKeepAlive(request);
        this.path = path(request.uri());
        this.clientId = RequestIds.ofClient(request.headers());
        this.crossOrigin = connection.loop.crossOrigin.lines(request.headers());
    }

    /** A request whose head says what that of another does, which keeps the connection and is not HEAD. */
    Exchange(Exchange same) {
        this.connection = same.connection;
        this.head = false;
        this.oldVersion = same.oldVersion;
        this.path = same.path;
        this.clientId = same.clientId;
        this.crossOrigin = same.crossOrigin;
        this.route = same.route;
        this.keepAlive = true;
    }

    /** An answer to something that did not become a request; the connection ends with it. */
    Exchange(Connection connection) {
        this.connection = connection;
        this.head = false;
        this.oldVersion = false;
        this.path = "-";
        this.clientId = null;
        this.crossOrigin = "";
    }

    /** The path of a target in origin form or in absolute form (RFC 9112 section 3.2). */
    private static String path(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (path.startsWith("/")) {
            return path;
        }
        int authority = path.regionMatches(true, 0, HTTP, 0, HTTP.length()) ? path.indexOf('/', HTTP.length()) : 0;
        return authority < 0 ? "/" : path.substring(authority);
    }

    boolean closes() {
        return !keepAlive || bodyUnread;
    }

    boolean isAnswered() {
        return answer != null;
    }

    void answerWith(ByteBuf encoded) {
        if (answer != null) {
            encoded.release();
            throw new IllegalStateException("answered twice: path=" + path);
        }
        answer = encoded;
    }

    /** The answer comes in pieces of which this is one, and the last where nothing makes more. */
    void answerWithPiece(ByteBuf piece, @Nullable ReplyStream more) {
        stream = more;
        answerWith(piece);
    }

    /** What makes more of the answer; null where the answer is whole. */
    @Nullable
    ReplyStream stream() {
        return stream;
    }

    /** Hands the encoded answer over to the caller. */
    ByteBuf takeAnswer() {
        ByteBuf taken = answer;
        if (taken == null) {
            throw new IllegalStateException("not answered yet: path=" + path);
        }
        answer = null;
        return taken;
    }

    /** Answers; goes nowhere where the connection is gone or ends with another answer. */
    void answer(Answer answered) {
        ByteBufAllocator memory = connection.answerMemory();
        if (memory == null) {
            return;
        }
        if (clientId != null && answered.status() < 400) {
            answered.header("x-request-id", clientId);
        }
        answerWith(answered.lines(crossOrigin).encode(memory, head, connectionHeader()));
        connection.loop.stats.onAnswer(route, answered.status());
        connection.writeReady();
    }

    /** Answers a write of which everything was stored; that of JSON is made by hand because it is the one that counts. */
    void answerStored(int samples) {
        if (route == Route.REMOTE_WRITE) {
            answer(Answer.empty(204));
            return;
        }
        ByteBufAllocator memory = connection.answerMemory();
        if (memory == null) {
            return;
        }
        ByteBuf out = memory.directBuffer(256);
        StoredAnswer.write(out, samples, clientId, crossOrigin, connectionHeader());
        answerWith(out);
        connection.loop.stats.onAnswer(route, 200);
        connection.writeReady();
    }

    /** Answers, and has the log tell of what is an error. */
    void answerError(Answer answered, String message) {
        if (answered.status() >= 400) {
            String id = idForLog();
            answered.header("x-request-id", id);
            connection.loop.errorLog.onError(
                    answered.status(), id, connection.gate().name(), path, message);
        }
        answer(answered);
    }

    void refuse(Refusal refusal) {
        Answer refused = refusal(refusal);
        if (refusal.code().equals("unsupported_encoding")) {
            refused.header("accept-encoding", BodyKind.Encoding.allowed(route));
        }
        answerError(refused, refusal.message());
    }

    /** What is refused in the shape that is expected at this path. */
    Answer refusal(Refusal refusal) {
        return PrometheusError.isWantedAt(path) ? PrometheusError.of(refusal) : Answer.refusal(refusal);
    }

    void refuseRate(Client client, RateDecision decision, long weight) {
        connection.loop.stats.onRateLimited();
        RateStanding standing = client.standing(decision, connection.now(), weight);
        Refusal refusal = RateRefusal.of(decision, standing, route);
        answerError(RateRefusal.answer(refusal, standing), refusal.message());
    }

    /** Answers that the server failed, through no fault of the client, or ends the connection where that fails, too. */
    void onBug(Throwable bug) {
        String id = idForLog();
        connection.loop.errorLog.onBug(id, path, bug);
        if (!connection.awaitsAnswer(this)) {
            connection.close();
            return;
        }
        keepAlive = false;
        try {
            answer(refusal(Refusal.of(500, "internal", "the server failed; see its log for this request id"))
                    .header("x-request-id", id));
        } catch (Throwable again) {
            connection.fail(again);
        }
    }

    /** The client's own id, or one made for it. */
    String idForLog() {
        return clientId == null ? RequestIds.make() : clientId;
    }

    /** The client has ended its side or the connection. */
    void onLeft() {
        if (cancellation != null) {
            cancellation.cancel();
        }
    }

    void discard() {
        onLeft();
        if (answer != null) {
            answer.release();
            answer = null;
        }
        if (stream != null) {
            stream.onGone();
            stream = null;
        }
    }

    /** What the {@code Connection} header must say; null where the version's default is right. */
    @Nullable
    String connectionHeader() {
        if (closes()) {
            return "close";
        }
        return oldVersion ? "keep-alive" : null;
    }
}
