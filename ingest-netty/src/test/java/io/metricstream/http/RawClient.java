package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A client that sends bytes as they are and reads answers; waits for each at most so long. */
public final class RawClient implements AutoCloseable {
    /** Long, for a slow and busy machine; who waits for it to pass has failed. */
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final AnswerReader answers;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.answers = new AnswerReader(new BufferedInputStream(socket.getInputStream()));
    }

    public static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** With a receive buffer of this size, so that what is not read soon waits in the server; 0 for the usual one. */
    public static RawClient connect(int port, int receiveBytes) throws IOException {
        var socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        return new RawClient(socket);
    }

    public RawClient send(String latin1) throws IOException {
        return send(AnswerReader.latin1(latin1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends no more, but still reads. */
    public RawClient endInput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Goes away with a reset, as a process that is killed with unread answers does. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** The next answer, or null where the server has closed. */
    public HttpAnswer answer() throws IOException {
        return answers.next();
    }

    public HttpAnswer answerToHead() throws IOException {
        return answers.next(true);
    }

    public List<HttpAnswer> answers(int count) throws IOException {
        List<HttpAnswer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HttpAnswer answer = answer();
            assertThat(answer).as("answer %d of %d", i + 1, count).isNotNull();
            all.add(answer);
        }
        return all;
    }

    /** All answers until the server closes. */
    public List<HttpAnswer> answersToTheEnd() throws IOException {
        List<HttpAnswer> all = new ArrayList<>();
        for (HttpAnswer answer = answer(); answer != null; answer = answer()) {
            all.add(answer);
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
