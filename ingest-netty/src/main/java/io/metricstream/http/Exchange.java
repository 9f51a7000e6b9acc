package io.metricstream.http;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.buffer.ByteBuf;
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
    final Connection connection;
    final boolean head;
    final boolean oldVersion;
    final String path;
    /** The client's own id, or null. */
    final @Nullable String clientId;

    Route route = Route.NONE;
    boolean keepAlive;
    /** The client waits for leave to send its body. */
    boolean wantsContinue;

    boolean allOrNothing;
    private @Nullable ByteBuf answer;

    Exchange(Connection connection, HttpRequest request) {
        this.connection = connection;
        this.head = request.method().equals(HttpMethod.HEAD);
        this.oldVersion = request.protocolVersion().minorVersion() == 0;
        this.keepAlive = HttpUtil.isKeepAlive(request);
        String uri = request.uri();
        int query = uri.indexOf('?');
        this.path = query < 0 ? uri : uri.substring(0, query);
        this.clientId = RequestIds.ofClient(request.headers());
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

    /** Hands the encoded answer over to the caller. */
    ByteBuf takeAnswer() {
        ByteBuf taken = answer;
        if (taken == null) {
            throw new IllegalStateException("not answered yet: path=" + path);
        }
        answer = null;
        return taken;
    }

    void discard() {
        if (answer != null) {
            answer.release();
            answer = null;
        }
    }

    /** What the {@code Connection} header must say; null where the version's default is right. */
    @Nullable
    String connectionHeader() {
        if (!keepAlive) {
            return "close";
        }
        return oldVersion ? "keep-alive" : null;
    }
}
