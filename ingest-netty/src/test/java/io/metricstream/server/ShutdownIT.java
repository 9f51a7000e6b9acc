package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.HttpAnswer;
import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM, as an orchestrator sends it, and everything that happens until the process has ended. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ShutdownIT {
    @TempDir
    private Path folder;

    private ServerProcess start(String... options) throws Exception {
        return ServerProcess.start(folder.resolve("data"), folder.resolve("server.log"), options)
                .awaitReady();
    }

    @Test
    void finishesWhatHasBegunAndTakesNothingNew() throws Exception {
        String post = Requests.post(Requests.ONE);
        try (ServerProcess server = start("--set", "shutdown.delay=3s", "--set", "shutdown.timeout=60s");
                RawClient idle = RawClient.connect(server.port);
                RawClient inHead = RawClient.connect(server.port);
                RawClient inBody = RawClient.connect(server.port)) {
            assertThat(idle.send(post).answer().status()).isEqualTo(200);
            inHead.send("POST /metrics HTTP/1.1\r\nHo");
            inBody.send(post.substring(0, post.length() - 5));
            server.signalTerm();

            // While the listener is still there: no new traffic is asked for, and none that comes is turned away.
            awaitNotReady(server);
            try (RawClient late = RawClient.connect(server.port)) {
                HttpAnswer answer = late.send(post).answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.closes()).isTrue();
                assertThat(late.answer()).isNull();
            }

            // Then it closes, and with it who is between two requests.
            assertThat(idle.answer()).isNull();
            HttpAnswer refused = inHead.answer();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("draining");
            assertThat(refused.header("retry-after")).isEqualTo("1");
            awaitClosedListener(server);

            // What has begun is finished.
            HttpAnswer finished = inBody.send(post.substring(post.length() - 5)).answer();
            assertThat(finished.status()).isEqualTo(200);
            assertThat(inBody.answer()).isNull();
            assertThat(server.awaitExit()).isZero();
            assertThat(server.output()).contains("stopping", "stopped: exit=0").doesNotContain("ERROR", "cut off");
        }
        assertThat(StoredSamples.of(folder.resolve("data"))).hasSize(3);
    }

    private static void awaitNotReady(ServerProcess server) throws IOException {
        while (true) {
            try (RawClient client = RawClient.connect(server.port)) {
                HttpAnswer ready = client.send(Requests.get("/ready")).answer();
                if (ready.status() == 503) {
                    assertThat(ready.code()).isEqualTo("draining");
                    assertThat(ready.closes()).isTrue();
                    return;
                }
            }
            LockSupport.parkNanos(5_000_000L);
        }
    }

    private static void awaitClosedListener(ServerProcess server) {
        while (true) {
            try (RawClient client = RawClient.connect(server.port)) {
                client.send(Requests.get("/health"));
            } catch (IOException refused) {
                return;
            }
            LockSupport.parkNanos(5_000_000L);
        }
    }

    @Test
    void cutsOffWhatTakesTooLongAndSaysSo() throws Exception {
        String post = Requests.post(Requests.ONE);
        try (ServerProcess server = start("--set", "shutdown.timeout=200ms");
                RawClient slow = RawClient.connect(server.port)) {
            assertThat(slow.send(post + post.substring(0, post.length() - 1))
                            .answer()
                            .status())
                    .isEqualTo(200);
            server.signalTerm();
            assertThat(slow.answersToTheEnd()).isEmpty();
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.output()).contains("requests were still in flight after shutdown.timeout");
        }
        assertThat(StoredSamples.of(folder.resolve("data"))).hasSize(1);
    }

    @Test
    void losesNothingThatWasAcknowledgedUnderLoad() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ShutdownIT: seed=" + seed);
        List<NumberedClient> clients = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try (ServerProcess server = start("--rate-limit", "0")) {
            for (int i = 0; i < 4; i++) {
                var client = new NumberedClient(i, seed);
                clients.add(client);
                threads.add(new Thread(() -> client.loadUntilGone(server), "client"));
            }
            threads.forEach(Thread::start);
            while (server.get("/metrics").body().contains("\"metrics_stored\":0,")) {
                LockSupport.parkNanos(5_000_000L);
            }
            server.signalTerm();
            assertThat(server.awaitExit()).isZero();
            for (Thread thread : threads) {
                thread.join();
            }
        }
        long acknowledged = NumberedClient.check(clients, folder.resolve("data"), "after SIGTERM");
        assertThat(acknowledged).isPositive();
        System.out.println("ShutdownIT: acknowledged=" + acknowledged);
    }
}
