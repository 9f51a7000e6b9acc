package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.auth.AccessRole;
import io.metricstream.auth.Authenticator;
import io.metricstream.auth.KeyFile;
import io.metricstream.limit.ClientCounts;
import io.metricstream.limit.RateLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what, and how much of it, as seen on the wire. */
final class AccessTest {
    private static final RateLimits OFF = new RateLimits(0, 0, 0);

    @TempDir
    private Path folder;

    private static PipelineRig rig(Authenticator authenticator, RateLimits limits) {
        return new PipelineRig(PipelineRig.config(HttpLimits.DEFAULT), authenticator, limits, 4096);
    }

    private static String basic(String user, String key) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String authorization(String value) {
        return "Authorization: " + value;
    }

    @Test
    void namesClientsInOpenMode() {
        try (var rig = rig(Authenticator.open(), OFF)) {
            Peer peer = rig.connect();
            // Back and forth on one connection: the name goes with the request.
            for (int i = 0; i < 2; i++) {
                peer.send(Requests.post(Requests.ONE));
                peer.send(Requests.post(Requests.ONE, authorization("fleet-7")));
                peer.send(Requests.post(Requests.ONE, authorization("Bearer secret-of-mine")));
            }
            rig.storeAll();
            assertThat(peer.statuses()).hasSize(6).containsOnly(200);
            List<ClientCounts> counts = rig.clients.counts(rig.nowNanos);
            assertThat(counts)
                    .hasSize(3)
                    .allSatisfy(each -> assertThat(each.counts().allowed()).isEqualTo(2));
            assertThat(counts)
                    .extracting(ClientCounts::name)
                    .contains("local", "fleet-7")
                    .anySatisfy(
                            name -> assertThat(name).startsWith("Bearer sec..").doesNotContain("secret"));
        }
    }

    @Test
    void takesKeysInEveryForm() throws Exception {
        var file = new KeyFile(folder.resolve("keys.json"));
        String key = file.add("fleet", Set.of(AccessRole.WRITE));
        try (var rig = rig(Authenticator.keys(folder.resolve("keys.json")), OFF)) {
            for (String value : List.of(
                    "Bearer " + key,
                    "bearer " + key,
                    "Token " + key,
                    "TOKEN  " + key,
                    key,
                    basic("fleet", key),
                    basic("", key))) {
                Peer peer = rig.connect();
                peer.send(Requests.post(Requests.ONE, authorization(value)));
                rig.storeAll();
                assertThat(peer.answer().status()).as(value).isEqualTo(200);
            }
        }
    }

    @Test
    void refusesWhoIsUnknown() throws Exception {
        var file = new KeyFile(folder.resolve("keys.json"));
        String key = file.add("fleet", Set.of(AccessRole.WRITE));
        try (var rig = rig(Authenticator.keys(folder.resolve("keys.json")), OFF)) {
            for (String value : List.of(
                    "",
                    "x",
                    "Bearer",
                    "Bearer " + key + "x",
                    "Bearer " + key.substring(1),
                    "Digest " + key,
                    basic("other", key),
                    "Basic !!!",
                    "Basic " + key,
                    "x".repeat(5000))) {
                Peer peer = rig.connect();
                String post = Requests.post(Requests.ONE, authorization(value));
                // Before the body is there.
                peer.send(post.substring(0, post.length() - Requests.ONE.length()));
                HttpAnswer answer = peer.answer();
                assertThat(answer.status()).as(value).isEqualTo(401);
                assertThat(answer.code()).isEqualTo("unauthorized");
                assertThat(answer.header("www-authenticate"))
                        .isEqualTo("Bearer realm=\"metricstream\", Basic realm=\"metricstream\"");
                assertThat(answer.text()).doesNotContain(key);
                // The connection goes on, and a good key helps.
                peer.send(Requests.ONE + Requests.post(Requests.ONE, authorization(key)));
                rig.storeAll();
                assertThat(peer.answer().status()).isEqualTo(200);
            }
            Peer peer = rig.connect();
            peer.send(Requests.post(Requests.ONE)
                    + Requests.get("/metrics")
                    + Requests.get("/health")
                    + Requests.get("/ready"));
            assertThat(peer.statuses()).containsExactly(401, 401, 200, 200);
        }
    }

    @Test
    void keepsRolesApart() throws Exception {
        var file = new KeyFile(folder.resolve("keys.json"));
        String writer = file.add("writer", Set.of(AccessRole.WRITE));
        String reader = file.add("reader", Set.of(AccessRole.READ));
        String both = file.add("both", Set.of(AccessRole.READ, AccessRole.WRITE));
        String admin = file.add("admin", Set.of(AccessRole.ADMIN));
        try (var rig = rig(Authenticator.keys(folder.resolve("keys.json")), OFF)) {
            assertMay(rig, writer, 200, 403);
            assertMay(rig, reader, 403, 200);
            assertMay(rig, both, 200, 200);
            assertMay(rig, admin, 200, 200);
        }
    }

    private static void assertMay(PipelineRig rig, String key, int write, int read) {
        Peer peer = rig.connect();
        String header = authorization("Bearer " + key);
        peer.send(Requests.post(Requests.ONE, header) + Requests.get("/metrics", header));
        rig.storeAll();
        List<HttpAnswer> answers = peer.answers();
        assertThat(answers).extracting(HttpAnswer::status).containsExactly(write, read);
        answers.stream().filter(answer -> answer.status() == 403).forEach(answer -> assertThat(answer.code())
                .isEqualTo("forbidden"));
    }

    @Test
    void takesOldAndNewKeyWhileOneIsChanged() throws Exception {
        Path path = folder.resolve("keys.json");
        var file = new KeyFile(path);
        String old = file.add("fleet", Set.of(AccessRole.WRITE));
        Authenticator authenticator = Authenticator.keys(path);
        try (var rig = rig(authenticator, OFF)) {
            // Connections that stay open through it all.
            Peer first = rig.connect();
            Peer second = rig.connect();
            assertThat(status(rig, first, old)).isEqualTo(200);
            String fresh = file.add("fleet", Set.of());
            assertThat(authenticator.reloadIfChanged()).isTrue();
            assertThat(status(rig, first, old)).isEqualTo(200);
            assertThat(status(rig, second, fresh)).isEqualTo(200);
            file.removeOldKeys("fleet");
            assertThat(authenticator.reloadIfChanged()).isTrue();
            assertThat(status(rig, first, old)).isEqualTo(401);
            assertThat(status(rig, second, fresh)).isEqualTo(200);
            file.remove("fleet");
            assertThat(authenticator.reloadIfChanged()).isTrue();
            assertThat(status(rig, second, fresh)).isEqualTo(401);
        }
    }

    private static int status(PipelineRig rig, Peer peer, String key) {
        peer.send(Requests.post(Requests.ONE, authorization("Bearer " + key)));
        rig.storeAll();
        return peer.answer().status();
    }

    @Test
    void refusesRequestsOverTheLimitAndSaysWhenToComeBack() {
        try (var rig = rig(Authenticator.open(), new RateLimits(3, 0, 0))) {
            Peer peer = rig.connect();
            for (int i = 0; i < 3; i++) {
                peer.send(Requests.post(Requests.ONE));
                rig.storeAll();
                assertThat(peer.answer().status()).isEqualTo(200);
            }
            String post = Requests.post(Requests.ONE);
            peer.send(post.substring(0, post.length() - 1));
            HttpAnswer answer = peer.answer();
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.code()).isEqualTo("rate_limited");
            assertThat(answer.header("retry-after")).isEqualTo("1");
            assertThat(answer.header("ratelimit-limit")).isEqualTo("3");
            assertThat(answer.header("ratelimit-remaining")).isEqualTo("0");
            assertThat(answer.header("ratelimit-reset")).isEqualTo("1");
            peer.send("}");
            // Another client is not concerned, and reading is not limited.
            peer.send(Requests.post(Requests.ONE, authorization("other")) + Requests.get("/health"));
            rig.storeAll();
            assertThat(peer.statuses()).containsExactly(200, 200);
            rig.nowNanos += Duration.ofSeconds(1).toNanos();
            peer.send(post);
            rig.storeAll();
            assertThat(peer.answer().status()).isEqualTo(200);
            peer.send(Requests.get("/metrics"));
            HttpAnswer stats = peer.answer();
            assertThat(stats.json().get("rate_limited_requests").asInt()).isEqualTo(1);
            ClientCounts counts = rig.clients.counts(rig.nowNanos).stream()
                    .filter(each -> each.name().equals("local"))
                    .findFirst()
                    .orElseThrow();
            assertThat(counts.counts().allowed()).isEqualTo(4);
            assertThat(counts.counts().refused()).isEqualTo(1);
        }
    }

    @Test
    void limitsSamplesAndBytes() {
        try (var rig = rig(Authenticator.open(), new RateLimits(0, 10, 0))) {
            Peer peer = rig.connect();
            peer.send(Requests.post(Requests.metrics(10)) + Requests.post(Requests.metrics(1)));
            rig.storeAll();
            assertThat(peer.statuses()).containsExactly(200, 429);
            assertThat(rig.services.stats().limited()).isEqualTo(1);
            rig.nowNanos += Duration.ofSeconds(2).toNanos();
            peer.send(Requests.post(Requests.metrics(11)));
            // It would be refused for ever; a client that keeps what it can retry would never get on.
            HttpAnswer never = peer.answer();
            assertThat(never.status()).isEqualTo(413);
            assertThat(never.code()).isEqualTo("request_exceeds_limit");
            assertThat(never.text()).contains("split it");
        }
        int length = Requests.ONE.length();
        try (var rig = rig(Authenticator.open(), new RateLimits(0, 0, 2L * length))) {
            Peer peer = rig.connect();
            String chunked = Requests.chunked(Requests.ONE, 7);
            peer.send(Requests.post(Requests.ONE) + chunked + chunked + Requests.post(Requests.ONE));
            rig.storeAll();
            List<HttpAnswer> answers = peer.answers();
            assertThat(answers).extracting(HttpAnswer::status).containsExactly(200, 200, 429, 429);
            assertThat(answers.get(2).header("ratelimit-limit")).isEqualTo(String.valueOf(2 * length));
            peer.send(Requests.post(Requests.ONE + " ".repeat(length + 1)));
            assertThat(peer.answer().status()).isEqualTo(413);
        }
    }

    @Test
    void letsExactlyTheLimitThroughInAnySecond() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("AccessTest: seed=" + seed);
        var random = new Random(seed);
        int limit = 20;
        long secondNanos = 1_000_000_000L;
        try (var rig = rig(Authenticator.open(), new RateLimits(limit, 0, 0))) {
            List<Peer> peers = List.of(rig.connect(), rig.connect(), rig.connect());
            List<Long> allowed = new ArrayList<>();
            for (int step = 0; step < 400; step++) {
                rig.nowNanos += random.nextInt(4) == 0 ? secondNanos : random.nextInt(200_000_000);
                for (int burst = random.nextInt(12); burst > 0; burst--) {
                    Peer peer = peers.get(random.nextInt(peers.size()));
                    peer.send(Requests.post(Requests.ONE));
                    rig.storeAll();
                    long from = rig.nowNanos - secondNanos;
                    boolean room = allowed.stream().filter(at -> at > from).count() < limit;
                    assertThat(peer.answer().status())
                            .as("step %d, seed %d", step, seed)
                            .isEqualTo(room ? 200 : 429);
                    if (room) {
                        allowed.add(rig.nowNanos);
                    }
                }
            }
        }
    }
}
