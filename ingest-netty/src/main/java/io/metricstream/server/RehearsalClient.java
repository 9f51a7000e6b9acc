package io.metricstream.server;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * The clients of the rehearsal: plain blocking sockets, because a client made of Netty would teach the compiler that the
 * server's calls lead to two places. Owns: its connections.
 */
@OwnedBy(Role.REHEARSAL)
final class RehearsalClient implements AutoCloseable {
    /** Opening and closing connections is a part of the server's code as well. Odd, so that each has its turn. */
    private static final int RECONNECT_EVERY = 3;

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final String LENGTH = "content-length: ";
    /** The end of an answer in pieces, of which no JSON has the like. */
    private static final byte[] LAST_PIECE = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<Socket> sockets = new ArrayList<>();
    private final RehearsalRequest[] sent;
    private final byte[] answer = new byte[8 << 10];

    private final int port;
    private int rounds;
    private long answered;

    private RehearsalClient(int port, int connections) {
        this.port = port;
        this.sent = new RehearsalRequest[connections];
    }

    static RehearsalClient connect(int port, int connections) throws IOException {
        var client = new RehearsalClient(port, connections);
        try {
            for (int i = 0; i < connections; i++) {
                client.sockets.add(client.open());
            }
        } catch (IOException e) {
            client.close();
            throw e;
        }
        return client;
    }

    /** Sends one request on each connection and takes the answers; fails where one is not what it must be. */
    void round(Supplier<RehearsalRequest> script) throws IOException {
        rounds++;
        if (rounds % RECONNECT_EVERY == 0) {
            sockets.set(rounds % sent.length, open()).close();
        }
        for (int i = 0; i < sent.length; i++) {
            sent[i] = script.get();
            sent[i].writeTo(sockets.get(i).getOutputStream());
        }
        for (int i = 0; i < sent.length; i++) {
            int status = takeAnswer(sockets.get(i).getInputStream());
            if (status != sent[i].status()) {
                throw new IOException("a rehearsed request was answered " + status + ", wanted " + sent[i].status());
            }
            answered++;
        }
    }

    /** How many requests have been answered. */
    long answered() {
        return answered;
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Socket open() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Reads one answer and returns its status. */
    private int takeAnswer(InputStream in) throws IOException {
        int have = 0;
        int bodyStart = -1;
        while (bodyStart < 0) {
            int read = in.read(answer, have, answer.length - have);
            if (read <= 0) {
                throw new EOFException("the rehearsal's answer has no end");
            }
            have += read;
            bodyStart = bodyStart(have);
        }
        String head = new String(answer, 0, bodyStart, StandardCharsets.US_ASCII);
        int length = head.indexOf(LENGTH);
        if (length < 0) {
            skipPieces(in, have);
        } else {
            int from = length + LENGTH.length();
            in.skipNBytes(bodyStart + Integer.parseInt(head.substring(from, head.indexOf('\r', from))) - have);
        }
        return Integer.parseInt(head.substring(9, 12));
    }

    /** Reads up to the end of an answer in pieces, behind which nothing comes. */
    private void skipPieces(InputStream in, int already) throws IOException {
        int have = already;
        while (!Arrays.equals(answer, have - LAST_PIECE.length, have, LAST_PIECE, 0, LAST_PIECE.length)) {
            int kept = LAST_PIECE.length;
            System.arraycopy(answer, have - kept, answer, 0, kept);
            int read = in.read(answer, kept, answer.length - kept);
            if (read <= 0) {
                throw new EOFException("the rehearsal's answer has no end");
            }
            have = kept + read;
        }
    }

    private int bodyStart(int have) {
        for (int i = 3; i < have; i++) {
            if (answer[i] == '\n' && answer[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }
}
