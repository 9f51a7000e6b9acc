package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.ring.WriteOutcome;
import io.metricstream.ring.WriteRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests and answers on one connection: their order, and when it ends. */
final class PipelineTest {
    private final PipelineRig rig = new PipelineRig();

    @AfterEach
    void leavesNothingBehind() {
        rig.close();
    }

    @Test
    void keepsConnectionForManyRequests() {
        Peer peer = rig.connect();
        for (int i = 0; i < 100; i++) {
            peer.send(Requests.post(Requests.ONE));
            assertThat(peer.received()).as("before it is stored").isEmpty();
            rig.storeAll();
            HttpAnswer answer = peer.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("{\"success\":true,\"metrics_processed\":1}");
            assertThat(answer.header("connection")).isNull();
        }
        assertThat(peer.isClosed()).isFalse();
        assertThat(rig.services.stats().stored()).isEqualTo(100);
    }

    @Test
    void answersPipelinedRequestsInOrderWhateverFinishesFirst() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("PipelineTest: seed=" + seed);
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Peer peer = rig.connect();
            var wanted = new StringBuilder();
            var sent = new StringBuilder();
            int requests = 1 + random.nextInt(40);
            for (int i = 0; i < requests; i++) {
                switch (random.nextInt(5)) {
                    case 0 -> {
                        sent.append(Requests.get("/health"));
                        wanted.append("up ");
                    }
                    case 1 -> {
                        sent.append(Requests.post("no json"));
                        wanted.append("400 ");
                    }
                    default -> {
                        int metrics = 1 + random.nextInt(9);
                        sent.append(Requests.post(Requests.metrics(metrics)));
                        wanted.append(metrics).append(' ');
                    }
                }
            }
            peer.send(sent.toString());
            List<WriteRequest> writes = rig.writer.take();
            Collections.shuffle(writes, random);
            var found = new StringBuilder();
            for (WriteRequest write : writes) {
                rig.writer.finish(WriteOutcome.STORED, List.of(write));
                if (random.nextBoolean()) {
                    collect(peer.run().answers(), found);
                }
            }
            collect(peer.run().answers(), found);
            assertThat(found.toString()).isEqualTo(wanted.toString());
            peer.close();
        }
    }

    private static void collect(List<HttpAnswer> answers, StringBuilder into) {
        for (HttpAnswer answer : answers) {
            if (answer.status() != 200) {
                into.append(answer.status()).append(' ');
            } else if (answer.text().contains("up")) {
                into.append("up ");
            } else {
                into.append(answer.json().get("metrics_processed").asInt()).append(' ');
            }
        }
    }

    @Test
    void answersTheRestOfTheGroupWhenOneAnswerFails() {
        // Once, so that it is told; and twice, so that not even that can be said.
        for (int times : List.of(1, 2)) {
            List<Peer> peers = List.of(rig.connect(), rig.connect(), rig.connect());
            peers.forEach(peer -> peer.send(Requests.post(Requests.ONE)));
            peers.get(1).failsToAnswer(times);
            rig.storeAll();
            assertThat(peers.get(0).answer().status()).isEqualTo(200);
            assertThat(new String(peers.get(1).received(), StandardCharsets.US_ASCII))
                    .startsWith(times == 1 ? "HTTP/1.1 500 " : "")
                    .hasSizeLessThan(times == 1 ? 500 : 1);
            assertThat(peers.get(1).isClosed()).isTrue();
            assertThat(peers.get(2).answer().status()).isEqualTo(200);
            assertThat(rig.services.stats().inFlight()).isZero();
        }
    }

    @Test
    void keepsOnlySoMuchForNextWrites() {
        for (int i = 0; i < 100; i++) {
            rig.connect().send(Requests.post(Requests.metrics(5000)));
        }
        rig.storeAll();
        assertThat(rig.loop.freeBatchBytes()).isBetween(1L << 20, 4L << 20);
    }

    @Test
    void readsNoMoreWhileTooManyRequestsAreUnanswered() {
        Peer peer = rig.connect();
        for (int i = 0; i < 64; i++) {
            assertThat(peer.isRead()).isTrue();
            peer.send(Requests.post(Requests.ONE));
        }
        assertThat(peer.isRead()).isFalse();
        rig.storeAll();
        assertThat(peer.isRead()).isTrue();
        assertThat(peer.answers()).hasSize(64);
    }

    @Test
    void decodesNoMoreThanIsAnswered() {
        String post = Requests.post(Requests.metrics(1));
        for (String request : List.of(post, Requests.chunked(Requests.metrics(1), 9), Requests.get("/health") + post)) {
            Peer peer = rig.connect();
            // Much at once, with half a request at the end.
            peer.send(request.repeat(1000) + post.substring(0, 20));
            var statuses = new ArrayList<>(peer.statuses());
            int seen = 0;
            while (seen < 1000) {
                List<WriteRequest> writes = rig.writer.take();
                assertThat(writes).hasSizeBetween(1, 64);
                seen += writes.size();
                assertThat(peer.isRead()).as("read on").isEqualTo(seen == 1000);
                rig.finish(WriteOutcome.STORED, writes);
                statuses.addAll(peer.run().statuses());
            }
            assertThat(statuses).containsOnly(200).hasSize(request.startsWith("GET") ? 2000 : 1000);
            assertThat(peer.isRead()).as("read on").isTrue();
            peer.send(post.substring(20));
            rig.storeAll();
            assertThat(peer.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void decodesNoMoreThanClientTakesAnswersTo() {
        String bad = Requests.post("{\"metrics\":[" + "{},".repeat(99) + "{}]}");
        Peer peer = rig.connect().takesAnswers(false);
        peer.send(bad.repeat(1000));
        assertThat(rig.services.stats().rejected()).isBetween(100L, 64 * 100L);
        for (int i = 0; i < 10; i++) {
            peer.send(bad);
        }
        assertThat(peer.isRead()).as("read on").isFalse();
        assertThat(peer.closeIfIdle()).isFalse();
        assertThat(rig.services.stats().rejected()).isLessThan(64 * 100);
        peer.takesAnswers(true);
        assertThat(peer.statuses()).hasSize(1010).containsOnly(400);
        assertThat(peer.isRead()).as("read on").isTrue();
    }

    @Test
    void answersAllThatWasHeldWhenClientEndsItsSide() {
        String post = Requests.post(Requests.ONE);
        for (boolean justBefore : new boolean[] {false, true}) {
            Peer peer = rig.connect().send(post.repeat(200));
            if (justBefore) {
                // The server may go on with what is held, and has not yet.
                rig.finishAll(WriteOutcome.STORED);
            }
            peer.endInput();
            rig.storeAll();
            assertThat(peer.statuses()).hasSize(200).containsOnly(200);
            assertThat(peer.isClosed()).isTrue();
        }
    }

    @Test
    void dropsWhatWasHeldBehindTheLastRequestOfAConnection() {
        String post = Requests.post(Requests.ONE);
        Peer peer =
                rig.connect().send(post.repeat(100) + Requests.get("/health", "Connection: close") + post.repeat(100));
        rig.storeAll();
        assertThat(peer.statuses()).hasSize(101).containsOnly(200);
        assertThat(peer.isClosed()).isTrue();
        rig.connect().send(post.repeat(200)).disconnect();
        rig.storeAll();
        assertThat(rig.services.stats().received()).isEqualTo(100 + 64);
    }

    @Test
    void closesWhenAskedAndProcessesNothingThatFollows() {
        Peer peer = rig.connect();
        peer.send(Requests.post(Requests.metrics(2))
                + Requests.post(Requests.metrics(3), "Connection: close")
                + Requests.post(Requests.metrics(4))
                + Requests.get("/health"));
        rig.storeAll();
        List<HttpAnswer> answers = peer.answers();
        assertThat(answers).extracting(HttpAnswer::text).containsExactly(stored(2), stored(3));
        assertThat(answers).extracting(HttpAnswer::closes).containsExactly(false, true);
        assertThat(peer.isClosed()).isTrue();
        assertThat(rig.services.stats().received()).isEqualTo(5);
    }

    @Test
    void processesNothingBehindBrokenRequest() {
        // The second request is broken, and answered only after the first is stored. Until then, and after it, what
        // follows is not a request.
        for (String broken : List.of(
                Requests.request("POST", "/metrics", "Host: there") + "Content-Length: 2\r\n\r\n{}",
                Requests.request("POST", "/metrics") + "Content-Length: 1, 2\r\n\r\n{}",
                Requests.chunked(Requests.ONE, 5).replace("\r\n0\r\n", "\r\nzero\r\n"),
                Requests.request("POST", "/metrics", "Transfer-Encoding: gzip, chunked") + "\r\n0\r\n\r\n")) {
            Peer peer = rig.connect();
            peer.send(Requests.post(Requests.ONE) + broken + Requests.post(Requests.metrics(7)));
            rig.storeAll();
            List<HttpAnswer> answers = peer.answers();
            assertThat(answers).extracting(HttpAnswer::status).containsExactly(200, 400);
            assertThat(answers.get(1).code()).isEqualTo("bad_http");
            assertThat(answers.get(1).closes()).isTrue();
            assertThat(peer.isClosed()).isTrue();
        }
        assertThat(rig.services.stats().received()).isEqualTo(4);
    }

    @Test
    void answersHeadLikeGetWithoutBody() {
        for (String path : List.of("/health", "/ready", "/metrics", "/api/v1/metrics", "/nowhere")) {
            Peer peer = rig.connect();
            peer.send(Requests.get(path));
            HttpAnswer toGet = peer.answer();
            peer.send(Requests.request("HEAD", path) + "\r\n");
            HttpAnswer toHead = peer.answerToHead();
            assertThat(toHead.status()).isEqualTo(toGet.status());
            assertThat(toHead.header("content-length"))
                    .isEqualTo(String.valueOf(toGet.text().length()));
            assertThat(toHead.header("content-type")).isEqualTo(toGet.header("content-type"));
        }
    }

    @Test
    void tellsMethodsOfEveryPath() {
        Peer peer = rig.connect();
        for (String path : List.of("/metrics", "/api/v1/metrics", "/health", "/ready")) {
            peer.send(Requests.request("OPTIONS", path) + "\r\n");
            HttpAnswer options = peer.answer();
            assertThat(options.status()).isEqualTo(204);
            List<String> allowed = List.of(options.header("allow").split(", "));
            assertThat(allowed).contains("GET", "HEAD", "OPTIONS");
            for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")) {
                peer.send(Requests.request(method, path) + "Content-Length: 0\r\n\r\n");
                rig.storeAll();
                HttpAnswer answer = method.equals("HEAD") ? peer.answerToHead() : peer.answer();
                if (allowed.contains(method)) {
                    assertThat(answer.status()).as("%s %s", method, path).isNotEqualTo(405);
                } else {
                    assertThat(answer.status()).as("%s %s", method, path).isEqualTo(405);
                    assertThat(answer.header("allow")).isEqualTo(options.header("allow"));
                    assertThat(answer.code()).isEqualTo("method_not_allowed");
                }
            }
        }
        assertThat(peer.isClosed()).isFalse();
        peer.send(Requests.request("OPTIONS", "*") + "\r\n");
        assertThat(peer.answer().status()).isEqualTo(204);
    }

    @Test
    void saysThatNothingIsThere() {
        Peer peer = rig.connect();
        for (String path :
                List.of("/assets/", "/metric", "/metrics/", "/METRICS", "/write", "//metrics", "/metrics%20")) {
            for (String method : List.of("GET", "POST", "OPTIONS", "FOO")) {
                peer.send(Requests.request(method, path) + "\r\n");
                HttpAnswer answer = peer.answer();
                assertThat(answer.status()).as("%s %s", method, path).isEqualTo(404);
                assertThat(answer.code()).isEqualTo("not_found");
            }
        }
        assertThat(peer.isClosed()).isFalse();
    }

    @Test
    void takesTargetsInAbsoluteForm() {
        Peer peer = rig.connect();
        peer.send(Requests.get("http://here:8080/health"));
        assertThat(peer.answer().text()).contains("up");
        peer.send(Requests.get("HTTP://here/metrics?x=http://y/z"));
        assertThat(peer.answer().text()).contains("metrics_received");
        peer.send(Requests.get("http://here"));
        assertThat(peer.run().answer().text()).startsWith("<!doctype html>");
    }

    @Test
    void closesAfterHttp10UnlessAskedToStay() {
        Peer peer = rig.connect();
        peer.send("POST /metrics HTTP/1.0\r\nContent-Length: " + Requests.ONE.length() + "\r\n\r\n" + Requests.ONE);
        rig.storeAll();
        HttpAnswer answer = peer.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.closes()).isTrue();
        assertThat(peer.isClosed()).isTrue();

        peer = rig.connect();
        peer.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertThat(peer.answer().header("connection")).isEqualTo("keep-alive");
        assertThat(peer.isClosed()).isFalse();
    }

    @Test
    void closesWithNextAnswerOnceConnectionIsOld() {
        Peer peer = rig.connect(rig.nowNanos + Duration.ofHours(1).toNanos());
        peer.send(Requests.get("/health"));
        assertThat(peer.answer().closes()).isFalse();
        rig.nowNanos += Duration.ofHours(2).toNanos();
        peer.send(Requests.get("/health") + Requests.get("/health"));
        assertThat(peer.answer().closes()).isTrue();
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void closesWithNextAnswerWhileServerStops() {
        Peer peer = rig.connect();
        peer.send(Requests.post(Requests.ONE));
        rig.admission.draining = true;
        peer.send(Requests.post(Requests.ONE));
        rig.storeAll();
        assertThat(peer.answers()).extracting(HttpAnswer::closes).containsExactly(false, true);
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void closesOnlyBetweenRequestsWhileServerStops() {
        Peer peer = rig.connect();
        String post = Requests.post(Requests.ONE);
        peer.send(post.substring(0, post.length() - 3));
        assertThat(peer.closeIfIdle()).isFalse();
        peer.send(post.substring(post.length() - 3));
        assertThat(peer.closeIfIdle()).isFalse();
        rig.storeAll();
        assertThat(peer.answer().status()).isEqualTo(200);
        assertThat(peer.closeIfIdle()).isTrue();
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void refusesRequestThatHasOnlyBegunWhenServerStops() {
        Peer peer = rig.connect();
        peer.send("POST /metrics HTTP/1.1\r\nHo");
        peer.closeIfIdle();
        HttpAnswer answer = peer.answer();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("draining");
        assertThat(answer.closes()).isTrue();
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void answersWhatWasWholeWhenClientEndsItsSide() {
        Peer peer = rig.connect();
        String post = Requests.post(Requests.ONE);
        peer.send(post + post + post.substring(0, post.length() - 1)).endInput();
        assertThat(peer.isClosed()).isFalse();
        rig.storeAll();
        assertThat(peer.statuses()).containsExactly(200, 200);
        assertThat(peer.isClosed()).isTrue();

        peer = rig.connect();
        peer.send(post + "GET /hea").endInput();
        rig.storeAll();
        assertThat(peer.statuses()).containsExactly(200);
        assertThat(peer.isClosed()).isTrue();

        peer = rig.connect();
        peer.endInput();
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void countsWritesOfClientsThatLeft() {
        Peer peer = rig.connect();
        String post = Requests.post(Requests.ONE);
        peer.send(post + Requests.post("{\"metrics\":[{}]}") + post.substring(0, post.length() - 1));
        peer.disconnect();
        rig.storeAll();
        assertThat(rig.services.stats().stored()).isEqualTo(1);
        assertThat(rig.services.stats().rejected()).isEqualTo(1);
    }

    @Test
    void answersTheOthersWhereOneOfAGroupFails() {
        Peer peer = rig.connect();
        peer.send(Requests.post(Requests.ONE));
        List<WriteRequest> first = rig.writer.take();
        rig.finish(WriteOutcome.STORED, first);
        assertThat(peer.answer().status()).isEqualTo(200);
        peer.send(Requests.post(Requests.metrics(2)));
        // The first is none that is under way any more, which would be a bug of the server.
        rig.finish(WriteOutcome.STORED, List.of(first.get(0), rig.writer.take().get(0)));
        assertThat(peer.answer().text()).isEqualTo(stored(2));
    }

    @Test
    void refusesConnectionsOverTheLimit() {
        List<Peer> peers = java.util.stream.Stream.generate(rig::connect)
                .limit(rig.config.maxConnections())
                .toList();
        Peer over = rig.connect();
        HttpAnswer answer = over.answer();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("busy");
        assertThat(answer.closes()).isTrue();
        assertThat(over.isClosed()).isTrue();
        peers.get(0).close();
        Peer next = rig.connect();
        next.send(Requests.get("/health"));
        assertThat(next.answer().status()).isEqualTo(200);
    }

    private static String stored(int metrics) {
        return "{\"success\":true,\"metrics_processed\":" + metrics + "}";
    }
}
