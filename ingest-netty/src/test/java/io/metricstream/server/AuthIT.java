package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.HttpAnswer;
import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys and limits of the real server, with the file of clients changed by the command line while it runs. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class AuthIT {
    @TempDir
    private Path folder;

    private String keys(String... args) {
        List<String> all = new ArrayList<>(List.of("keys"));
        all.addAll(List.of(args));
        all.addAll(List.of("--file", folder.resolve("keys.json").toString()));
        CommandsTest.Run run = CommandsTest.run(all.toArray(String[]::new));
        assertThat(run.exitCode()).as("%s", run).isZero();
        return run.out().strip();
    }

    private static int write(ServerProcess server, String authorization) throws Exception {
        try (RawClient client = RawClient.connect(server.port)) {
            String post = Requests.post(Requests.ONE, "Authorization: " + authorization);
            return client.send(post).answer().status();
        }
    }

    private static void awaitWrite(ServerProcess server, String authorization, int status) throws Exception {
        while (write(server, authorization) != status) {
            LockSupport.parkNanos(50_000_000L);
        }
    }

    private static void awaitStatistic(ServerProcess server, String key, String line) throws Exception {
        try (RawClient client = RawClient.connect(server.port)) {
            String scrape = Requests.get("/metrics", "Accept: text/plain", "Authorization: " + key);
            while (!client.send(scrape).answer().text().contains(line)) {
                LockSupport.parkNanos(50_000_000L);
            }
        }
    }

    @Test
    void followsTheFileOfClientsAsItIsChanged() throws Exception {
        String admin = keys("add", "boss", "--role", "admin");
        String old = keys("add", "fleet");
        try (ServerProcess server = ServerProcess.start(
                folder.resolve("data"),
                folder.resolve("server.log"),
                "--set",
                "auth.mode=keys",
                "--set",
                "auth.file=" + folder.resolve("keys.json"))) {
            server.authorization("Bearer " + admin).awaitReady();
            assertThat(write(server, "Token " + old)).isEqualTo(200);
            assertThat(write(server, "unknown")).isEqualTo(401);
            String reader = keys("add", "eye", "--role", "read");
            awaitWrite(server, reader, 403);

            // A key is changed without a gap.
            String fresh = keys("add", "fleet");
            awaitWrite(server, fresh, 200);
            assertThat(write(server, old)).isEqualTo(200);
            assertThat(keys("remove", "fleet", "--old")).contains("1");
            awaitWrite(server, old, 401);
            assertThat(write(server, fresh)).isEqualTo(200);
            assertThat(keys("remove", "fleet")).contains("fleet");
            awaitWrite(server, fresh, 401);

            assertThat(server.output()).doesNotContain(old, fresh, reader, admin);
            assertThat(server.terminate()).isZero();
        }
    }

    @Test
    void letsNoMoreThanTheLimitThroughAndCountsBoth() throws Exception {
        int limit = 200;
        int threads = 4;
        var allowed = new AtomicInteger();
        var refused = new AtomicInteger();
        try (ServerProcess server = ServerProcess.start(
                folder.resolve("data"), folder.resolve("server.log"), "--rate-limit", String.valueOf(limit))) {
            server.awaitReady();
            long start = System.nanoTime();
            long end = start + 2_500_000_000L;
            List<CompletableFuture<Void>> floods = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                floods.add(Beside.run(() -> flood(server, end, allowed, refused)));
            }
            for (CompletableFuture<Void> flood : floods) {
                flood.get();
            }
            // Every second of the server's clock holds at most the limit, and so many seconds there were at most.
            long seconds = (System.nanoTime() - start) / 1_000_000_000L + 1;
            assertThat((long) allowed.get()).isBetween((long) limit, limit * seconds);
            assertThat(refused.get()).isPositive();
            System.out.println("AuthIT: allowed=" + allowed + ", refused=" + refused + ", seconds=" + seconds);
            awaitStatistic(
                    server,
                    "x",
                    "metricstream_client_requests{client=\"fleet\",outcome=\"allowed\"} " + allowed + ".0");
            awaitStatistic(
                    server,
                    "x",
                    "metricstream_client_requests{client=\"fleet\",outcome=\"refused\"} " + refused + ".0");
            assertThat(server.checkConservation().get("rate_limited_requests").asInt())
                    .isEqualTo(refused.get());
            // Another client has a limit of its own.
            assertThat(write(server, "other")).isEqualTo(200);
        }
    }

    private static void flood(ServerProcess server, long end, AtomicInteger allowed, AtomicInteger refused)
            throws IOException {
        String post = Requests.post(Requests.ONE, "Authorization: fleet");
        try (RawClient client = RawClient.connect(server.port)) {
            while (System.nanoTime() < end) {
                HttpAnswer answer = client.send(post).answer();
                assertThat(answer.status()).isIn(200, 429);
                (answer.status() == 200 ? allowed : refused).incrementAndGet();
            }
        }
    }
}
