package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes alerts as an Alertmanager does, after it has refused some posts. */
final class Webhook implements AutoCloseable {
    private static final String PATH = "/api/v2/alerts";

    private final HttpServer server;
    private final BlockingQueue<String> posts = new LinkedBlockingQueue<>();

    private Webhook(HttpServer server) {
        this.server = server;
    }

    /** @param failures posts that are answered 500 before the first that is taken */
    static Webhook start(int failures) throws IOException {
        var webhook = new Webhook(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        var left = new AtomicInteger(failures);
        webhook.server.createContext(PATH, exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(left.getAndDecrement() > 0 ? 500 : 200, -1);
            exchange.close();
            webhook.posts.add(body);
        });
        webhook.server.start();
        return webhook;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The body of the next post, refused ones among them. */
    String next() throws InterruptedException {
        String body = posts.poll(60, TimeUnit.SECONDS);
        assertThat(body).as("a post within a minute").isNotNull();
        return body;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
