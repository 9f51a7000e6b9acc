package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.HttpAnswer;
import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only real sockets show: who closes how, what a slow client does, and that answers arrive whole. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class LiveHttpTest {
    @TempDir
    private Path data;

    private final long firstMillis = System.currentTimeMillis() - 3_600_000;
    private final AtomicInteger sent = new AtomicInteger();

    @Test
    void writesAreDurableInTheOrderOfTheirAnswers() throws Exception {
        try (LiveServer server = LiveServer.start(data);
                RawClient client = server.connect()) {
            var pipeline = new StringBuilder();
            for (int i = 1; i <= 300; i++) {
                pipeline.append(
                        i % 3 == 0 ? Requests.chunked(Requests.metrics(i), 100) : Requests.post(Requests.metrics(i)));
                pipeline.append(i % 7 == 0 ? Requests.get("/health") : "");
            }
            CompletableFuture<Void> sender = Beside.run(() -> client.send(pipeline.toString()));
            for (int i = 1; i <= 300; i++) {
                assertThat(client.answer().json().get("metrics_processed").asInt())
                        .isEqualTo(i);
                if (i % 7 == 0) {
                    assertThat(client.answer().text()).contains("up");
                }
            }
            sender.get();
            assertThat(StoredSamples.of(data)).hasSize(300 * 301 / 2);
        }
    }

    @Test
    void clientThatStillSendsSeesTheRefusalAndNoReset() throws Exception {
        byte[] megabyte = new byte[1 << 20];
        try (LiveServer server = LiveServer.start(data)) {
            for (int round = 0; round < 10; round++) {
                try (RawClient client = server.connect()) {
                    client.send(
                            Requests.request("POST", "/metrics", "Content-Type: text/xml", "Content-Length: 8388608")
                                    + "\r\n");
                    for (int i = 0; i < 8; i++) {
                        client.send(megabyte);
                    }
                    assertThat(client.answer().status()).isEqualTo(415);
                    assertThat(client.answer()).as("closed behind it").isNull();
                }
            }
        }
    }

    @Test
    void answersWhatWasWholeWhenTheClientEndsItsSide() throws Exception {
        String post = Requests.post(Requests.ONE);
        try (LiveServer server = LiveServer.start(data);
                RawClient client = server.connect()) {
            client.send(post + post + post.substring(0, post.length() - 2)).endInput();
            assertThat(client.answersToTheEnd()).extracting(HttpAnswer::status).containsExactly(200, 200);
            assertThat(StoredSamples.of(data)).hasSize(2);
        }
    }

    @Test
    void timeLimitsEndConnectionsByThemselves() throws Exception {
        try (LiveServer server = LiveServer.start(
                        data, "http.header-timeout=200ms", "http.body-timeout=200ms", "http.idle-timeout=200ms");
                RawClient idle = server.connect();
                RawClient head = server.connect();
                RawClient body = server.connect()) {
            head.send("POST /metrics HT");
            body.send(Requests.post(Requests.ONE).substring(0, 80));
            assertThat(idle.answer()).isNull();
            assertThat(head.answer().status()).isEqualTo(408);
            assertThat(head.answer()).isNull();
            assertThat(body.answer().status()).isEqualTo(408);
            assertThat(body.answer()).isNull();
        }
    }

    @Test
    void connectionsOverTheLimitAreAnsweredAndRoomIsFoundAgain() throws Exception {
        try (LiveServer server = LiveServer.start(data, "http.max-connections=5")) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(server.connect());
                assertThat(clients.get(i).send(Requests.get("/health")).answer().status())
                        .isEqualTo(200);
            }
            for (int i = 0; i < 50; i++) {
                try (RawClient over = server.connect()) {
                    assertThat(over.answer().code()).isEqualTo("busy");
                    assertThat(over.answer()).isNull();
                }
            }
            for (RawClient client : clients) {
                assertThat(client.send(Requests.post(Requests.ONE)).answer().status())
                        .isEqualTo(200);
                client.close();
            }
            awaitRoom(server);
        }
    }

    private static void awaitRoom(LiveServer server) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (server.ask(Requests.get("/health")).status() != 200) {
            assertThat(System.nanoTime()).as("room again").isLessThan(deadline);
        }
    }

    @Test
    void stopsInOrderWhileClientsWrite() throws Exception {
        var acknowledged = new AtomicInteger();
        var stopping = new AtomicBoolean();
        LiveServer server = LiveServer.start(data, "shutdown.delay=100ms");
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(Beside.run(() -> writeUntilClosed(server, acknowledged, stopping)));
        }
        while (acknowledged.get() < 1000) {
            assertThat(writers).noneMatch(CompletableFuture::isDone);
            LockSupport.parkNanos(1_000_000L);
        }
        stopping.set(true);
        assertThat(server.stop()).isTrue();
        for (CompletableFuture<Void> writer : writers) {
            writer.get();
        }
        assertThat(StoredSamples.of(data)).hasSize(acknowledged.get());
    }

    /** Writes, over one connection after the other, until none is taken any more, which only a stop may bring about. */
    private void writeUntilClosed(LiveServer server, AtomicInteger acknowledged, AtomicBoolean stopping)
            throws IOException {
        try {
            while (true) {
                writeOnOneConnection(server, acknowledged, stopping);
            }
        } catch (IOException refused) {
            if (!stopping.get()) {
                throw refused;
            }
        }
    }

    /**
     * Writes until the connection ends. Until the server stops every answer is a 200. From then on a write is answered with
     * a 200 and stored, or with a 503 that says "draining" or not at all and not stored; each of them ends the connection.
     */
    private void writeOnOneConnection(LiveServer server, AtomicInteger acknowledged, AtomicBoolean stopping)
            throws IOException {
        try (RawClient client = server.connect()) {
            while (true) {
                // Each for a time of its own: the same time twice is one sample.
                long millis = firstMillis + sent.getAndIncrement();
                HttpAnswer answer = client.send(Requests.post(
                                "{\"metrics\":[{\"name\":\"m\",\"value\":1,\"timestamp\":" + millis + "}]}"))
                        .answer();
                if (answer == null || answer.status() != 200) {
                    assertThat(stopping).as("%s", answer).isTrue();
                    assertThat(answer == null || (answer.code().equals("draining") && answer.closes()))
                            .as("%s", answer)
                            .isTrue();
                    return;
                }
                acknowledged.incrementAndGet();
                if (answer.closes()) {
                    assertThat(stopping).as("%s", answer).isTrue();
                    return;
                }
            }
        }
    }

    @Test
    void saysThatItRecoversUntilItHas(@TempDir Path copy) throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            assertThat(server.ask(Requests.post(Requests.metrics(1000))).status())
                    .isEqualTo(200);
            copyLog(copy);
        }
        try (LiveServer server = LiveServer.listen(copy)) {
            assertThat(server.ask(Requests.get("/health")).status()).isEqualTo(200);
            HttpAnswer ready = server.ask(Requests.get("/ready"));
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.code()).isEqualTo("recovering");
            String post = Requests.post(Requests.ONE);
            HttpAnswer refused = server.ask(post.substring(0, post.length() - 5));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("recovering");
            assertThat(refused.header("retry-after")).isEqualTo("2");
            server.recover();
            ready = server.ask(Requests.get("/ready"));
            assertThat(ready.status()).isEqualTo(200);
            assertThat(ready.json().get("durability").asString()).isEqualTo("fsync");
            assertThat(ready.json().get("recovered_bytes").asLong())
                    .isPositive()
                    .isEqualTo(ready.json().get("recovery_bytes").asLong());
            assertThat(server.ask(post).status()).isEqualTo(200);
            assertThat(StoredSamples.of(copy)).hasSize(1001);
        }
    }

    /** What a kill would leave. */
    private void copyLog(Path to) throws IOException {
        Files.createDirectory(to.resolve("wal"));
        try (Stream<Path> segments = Files.list(data.resolve("wal"))) {
            for (Path segment : segments.toList()) {
                Files.copy(segment, to.resolve("wal").resolve(segment.getFileName()));
            }
        }
    }
}
