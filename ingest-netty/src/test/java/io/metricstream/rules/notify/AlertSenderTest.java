package io.metricstream.rules.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a webhook gets of a queue, and what is lost of it and counted. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class AlertSenderTest {
    private final BlockingQueue<JsonNode> posts = new LinkedBlockingQueue<>();
    private HttpServer webhook;
    private AlertSender sender;
    private volatile int status = 200;

    @BeforeEach
    void start() throws Exception {
        webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.createContext("/", exchange -> {
            JsonNode body = new JsonMapper().readTree(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
            posts.add(body);
        });
        webhook.start();
        URI target = URI.create("http://127.0.0.1:" + webhook.getAddress().getPort() + "/");
        sender = new AlertSender(HttpClient.newHttpClient(), target);
    }

    @AfterEach
    void stop() throws Exception {
        sender.stop();
        sender.awaitEnd();
        webhook.stop(0);
    }

    private static List<AlertMessage> alerts(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new AlertMessage(Map.of("n", String.valueOf(i)), Map.of("a", "b"), 1000, 2500, "/graph"))
                .toList();
    }

    private static void await(BooleanSupplier wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!wanted.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(5_000_000L);
        }
        assertThat(wanted.getAsBoolean()).isTrue();
    }

    private JsonNode next() throws InterruptedException {
        JsonNode post = posts.poll(60, TimeUnit.SECONDS);
        assertThat(post).isNotNull();
        return post;
    }

    @Test
    void writesAlertsAsAnAlertmanagerTakesThem() throws Exception {
        sender.add(alerts(0, 1));
        sender.start();
        assertThat(next())
                .hasToString(
                        "[{\"labels\":{\"n\":\"0\"},\"annotations\":{\"a\":\"b\"},\"startsAt\":\"1970-01-01T00:00:01Z\","
                                + "\"endsAt\":\"1970-01-01T00:00:02.500Z\",\"generatorURL\":\"/graph\"}]");
    }

    @Test
    void sendsWhatIsNoUtf8WithReplacements() throws Exception {
        sender.add(List.of(new AlertMessage(Map.of("n", "a\udcff"), Map.of(), 0, 0, "")));
        sender.start();
        assertThat(next().get(0).get("labels").get("n").asString()).isEqualTo("a\ufffd");
    }

    @Test
    void dropsTheOldestWhereTooManyWait() throws Exception {
        sender.add(alerts(0, AlertSender.MOST_QUEUED));
        sender.add(alerts(AlertSender.MOST_QUEUED, AlertSender.MOST_QUEUED + 10));
        assertThat(sender.dropped()).isEqualTo(10);
        assertThat(sender.queued()).isEqualTo(AlertSender.MOST_QUEUED);
        sender.start();
        int wanted = 10;
        while (wanted < AlertSender.MOST_QUEUED + 10) {
            JsonNode post = next();
            assertThat(post.size()).isBetween(1, AlertSender.MOST_AT_ONCE);
            for (JsonNode alert : post) {
                assertThat(alert.get("labels").get("n").asString()).isEqualTo(String.valueOf(wanted++));
            }
        }
        await(() -> sender.sent() == AlertSender.MOST_QUEUED);
        assertThat(sender.queued()).isZero();
    }

    @Test
    void makesAPostAgainThatFailedAndDropsOneThatIsRefused() throws Exception {
        status = 503;
        sender.add(alerts(0, 1));
        sender.start();
        JsonNode first = next();
        status = 200;
        assertThat(next()).isEqualTo(first);
        await(() -> sender.sent() == 1);
        status = 400;
        sender.add(alerts(1, 3));
        await(() -> sender.dropped() == 2);
        status = 200;
        sender.add(alerts(3, 4));
        await(() -> sender.sent() == 2);
        assertThat(sender.failures()).isBetween(2L, 3L);
    }
}
