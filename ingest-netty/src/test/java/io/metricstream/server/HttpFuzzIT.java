package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.HttpAnswer;
import io.metricstream.http.RawClient;
import io.metricstream.http.RequestMaker;
import io.metricstream.http.Requests;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that send damaged requests in random pieces over real connections, and leave in every way. Every connection is
 * answered or closed by itself, with nothing but refusals; at the end every sample is accounted for. Short in every build;
 * {@code -Dfuzz.seconds} makes it longer.
 */
final class HttpFuzzIT {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long SECONDS = Long.getLong("fuzz.seconds", 3);
    private static final int THREADS = 8;

    @TempDir
    private Path data;

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong connections = new AtomicLong();

    @Test
    void answersOrClosesEveryConnection() throws Exception {
        System.out.println("HttpFuzzIT: seed=" + SEED + ", seconds=" + SECONDS);
        try (LiveServer server = LiveServer.start(
                data, "http.header-timeout=300ms", "http.body-timeout=300ms", "http.idle-timeout=300ms")) {
            long end = System.nanoTime() + SECONDS * 1_000_000_000L;
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                var random = new Random(SEED + i);
                var thread = new Thread(() -> attack(server, random, end), "attacker");
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            assertThat(server.ask(Requests.post(Requests.ONE)).status()).isEqualTo(200);
        }
        System.out.println("HttpFuzzIT: connections=" + connections);
    }

    private void attack(LiveServer server, Random random, long end) {
        while (System.nanoTime() < end && failures.isEmpty()) {
            long seed = random.nextLong();
            try {
                attackOnce(server, new Random(seed));
                connections.incrementAndGet();
            } catch (SocketException reset) {
                // The server may close while this client still sends.
            } catch (IOException | AssertionError | RuntimeException e) {
                failures.add(new AssertionError("seed of the connection: " + seed, e));
            }
        }
    }

    private static void attackOnce(LiveServer server, Random random) throws IOException {
        var maker = new RequestMaker(random);
        boolean good = random.nextInt(4) == 0;
        int requests = 1 + random.nextInt(5);
        var text = new StringBuilder();
        for (int i = 0; i < requests; i++) {
            text.append(good ? maker.good() : maker.damaged());
        }
        try (RawClient client = server.connect()) {
            for (int at = 0; at < text.length(); ) {
                int to = Math.min(text.length(), at + 1 + random.nextInt(300));
                client.send(text.substring(at, to));
                at = to;
            }
            int way = random.nextInt(4);
            if (way == 0) {
                client.reset();
                return;
            }
            if (way == 1) {
                client.endInput();
            }
            // In every other way the server has to end it, by an answer or by its time limits.
            List<HttpAnswer> answers = client.answersToTheEnd();
            answers.forEach(answer -> assertThat(answer.status())
                    .as("%s", answer)
                    .isIn(100, 200, 204, 400, 404, 405, 408, 413, 414, 415, 417, 431, 505));
            if (good) {
                assertThat(answers).hasSize(requests);
                assertThat(answers)
                        .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
            }
        }
    }
}
