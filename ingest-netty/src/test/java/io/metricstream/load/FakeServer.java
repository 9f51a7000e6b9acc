package io.metricstream.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server that answers as a test wants it, with a thread for each connection. */
final class FakeServer implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)");
    private static final Pattern IDENTITY = Pattern.compile("authorization: (\\S+)");

    /** What to answer to a POST; null closes the connection instead. */
    interface Post {
        @Nullable
        String answer(long number, String head) throws InterruptedException;
    }

    /** The samples that the statistics say to be stored. */
    final AtomicLong stored = new AtomicLong();

    final AtomicLong posts = new AtomicLong();
    final List<String> identities = new CopyOnWriteArrayList<>();
    private final ServerSocket listener;
    private final Post post;
    private final int samples;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    FakeServer(int samplesPerRequest, Post post) throws IOException {
        this.samples = samplesPerRequest;
        this.post = post;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** The answer of a server that has stored everything, and counts it. */
    String ok() {
        stored.addAndGet(samples);
        return response(200, "", "{\"success\":true,\"metrics_processed\":" + samples + "}");
    }

    static String response(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n" + headers + "\r\n" + body;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                Matcher length = LENGTH.matcher(head);
                in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
                Matcher identity = IDENTITY.matcher(head);
                String name = identity.find() ? identity.group(1) : "nobody";
                String answer = head.startsWith("post") ? onPost(name, head) : statistics(name);
                if (answer == null) {
                    return;
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException | InterruptedException gone) {
            // The client or the test has closed it.
        }
    }

    private @Nullable String onPost(String name, String head) throws InterruptedException {
        identities.add(name);
        return post.answer(posts.getAndIncrement(), head);
    }

    private String statistics(String name) {
        return response(
                200,
                "",
                "{\"metrics_stored\":" + stored
                        + ",\"metrics_in_flight\":0,\"started_millis\":7,\"client\":{\"name\":\"" + name
                        + "\",\"metrics_stored\":0}}");
    }

    /** The request line and headers in lower case; empty at the end. */
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.append((char) b);
            if (b == '\n' && head.toString().endsWith("\r\n\r\n")) {
                return head.toString().toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fake-server");
        thread.setDaemon(true);
        thread.start();
    }
}
