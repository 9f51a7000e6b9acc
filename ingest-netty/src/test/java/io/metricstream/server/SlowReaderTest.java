package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.HttpAnswer;
import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send requests and do not read the answers, or not soon: what they get, and what they cost. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class SlowReaderTest {
    @TempDir
    private Path data;

    /** Its answer is twelve times as long. */
    private static final String BAD = Requests.post("{\"metrics\":[" + "{},".repeat(99) + "{}]}");

    /** Makes the server read much at once on this connection. */
    private static void warmUp(RawClient client) throws IOException {
        for (int i = 0; i < 20; i++) {
            client.send(BAD.repeat(10));
            client.answers(10);
        }
    }

    /** Waits until the server goes on no more. */
    private static void awaitStill(LiveServer server) throws IOException {
        long before = -1;
        for (long rejects = rejects(server); rejects != before; rejects = rejects(server)) {
            before = rejects;
            LockSupport.parkNanos(100_000_000L);
        }
    }

    private static long rejects(LiveServer server) throws IOException {
        return server.ask(Requests.get("/metrics"))
                .json()
                .get("validation_errors")
                .asLong();
    }

    @Test
    void slowClientGetsEveryAnswerBeforeTheConnectionCloses() throws Exception {
        int requests = 1500;
        try (LiveServer server = LiveServer.start(data);
                RawClient client = RawClient.connect(server.port(), 4096)) {
            warmUp(client);
            // More answers than the buffers of the system take, and the last one closes.
            String all = BAD.repeat(requests) + Requests.get("/health", "Connection: close");
            CompletableFuture<Void> sender = Beside.run(() -> client.send(all));
            awaitStill(server);
            List<HttpAnswer> answers = client.answersToTheEnd();
            assertThat(answers).hasSize(requests + 1);
            assertThat(answers.get(requests).closes()).isTrue();
            sender.get();
        }
    }

    @Test
    void clientsThatDoNotReadCostLittle() throws Exception {
        int count = 4;
        long mostBytes = 3 << 19;
        // Far more than the buffers of the system take.
        byte[] flood = BAD.repeat((16 << 20) / BAD.length()).getBytes(StandardCharsets.US_ASCII);
        List<RawClient> clients = new ArrayList<>();
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        try (LiveServer server = LiveServer.start(data)) {
            long before = directMemory();
            for (int i = 0; i < count; i++) {
                RawClient client = RawClient.connect(server.port(), 4096);
                clients.add(client);
                warmUp(client);
                senders.add(Beside.run(() -> client.send(flood)));
            }
            awaitStill(server);
            long bytesEach = (directMemory() - before) / count;
            System.out.println("SlowReaderTest: buffers for each client that does not read: " + bytesEach + " bytes");
            assertThat(bytesEach).isLessThan(mostBytes);
            assertThat(server.ask(Requests.post(Requests.ONE)).status()).isEqualTo(200);
            for (RawClient client : clients) {
                client.reset();
            }
            for (CompletableFuture<Void> sender : senders) {
                assertThat(sender).as("the server takes no more").failsWithin(Duration.ofMinutes(1));
            }
        }
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    @Test
    void clientThatNeverReadsIsClosedAndCostsLittle() throws Exception {
        try (LiveServer server = LiveServer.start(data, "http.idle-timeout=300ms");
                RawClient slow = RawClient.connect(server.port(), 4096)) {
            CompletableFuture<Void> flood = Beside.run(() -> {
                while (true) {
                    slow.send(Requests.get("/metrics"));
                }
            });
            long sent = 0;
            while (!flood.isDone()) {
                assertThat(server.ask(Requests.post(Requests.ONE)).status()).isEqualTo(200);
                sent++;
            }
            assertThat(flood)
                    .as("closed by the server")
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(IOException.class);
            assertThat(sent).as("writes stored meanwhile").isPositive();
        }
    }
}
