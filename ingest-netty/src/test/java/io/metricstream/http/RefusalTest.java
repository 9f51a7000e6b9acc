package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.auth.Authenticator;
import io.metricstream.limit.RateLimits;
import io.metricstream.ring.WriteOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is refused, with which status, how early, and what becomes of the connection. */
final class RefusalTest {
    private static final int MAX_BODY = 4096;

    private final PipelineRig rig = new PipelineRig(PipelineRig.config(new HttpLimits(200, 400, MAX_BODY)));

    private record Case(int status, String code, List<String> headers) {
        Case(int status, String code, String... headers) {
            this(status, code, List.of(headers));
        }

        String request(String... more) {
            var all = new ArrayList<>(headers);
            all.addAll(List.of(more));
            return Requests.request("POST", "/metrics", all.toArray(String[]::new));
        }
    }

    /** Refusals that follow from the head alone. */
    private static final List<Case> BY_HEAD = List.of(
            new Case(413, "body_too_large", "Content-Length: 4097"),
            new Case(413, "body_too_large", "Content-Length: 9223372036854775807"),
            new Case(415, "unsupported_media_type", "Content-Type: text/xml", "Content-Length: 5"),
            new Case(
                    415,
                    "unsupported_media_type",
                    "Content-Type: application/json; charset=latin1",
                    "Content-Length: 5"),
            new Case(415, "unsupported_media_type", "Content-Type: ", "Content-Length: 5"),
            new Case(415, "unsupported_encoding", "Content-Encoding: br", "Content-Length: 5"),
            new Case(415, "unsupported_encoding", "Content-Encoding: snappy", "Content-Length: 5"),
            new Case(415, "unsupported_encoding", "Content-Encoding: deflate", "Content-Length: 5"),
            new Case(415, "unsupported_encoding", "Content-Encoding: gzip, gzip", "Content-Length: 5"),
            new Case(
                    415,
                    "unsupported_encoding",
                    "Content-Encoding: gzip",
                    "Content-Encoding: zstd",
                    "Content-Length: 5"),
            new Case(417, "expectation_failed", "Expect: a miracle", "Content-Length: 5"));

    @Test
    void refusesBeforeTheBodyIsSent() {
        for (Case each : BY_HEAD) {
            Peer peer = rig.connect();
            peer.send(each.request() + "\r\n");
            HttpAnswer answer = peer.answer();
            assertThat(answer.status()).as("%s", each).isEqualTo(each.status());
            assertThat(answer.code()).as("%s", each).isEqualTo(each.code());
        }
        rig.close();
    }

    @Test
    void neverContinuesWhatItRefuses() {
        for (Case each : BY_HEAD) {
            Peer peer = rig.connect();
            String head = each.request();
            peer.send(head + (head.contains("Expect") ? "" : "Expect: 100-continue\r\n") + "\r\n");
            HttpAnswer answer = peer.answer();
            assertThat(answer.status()).as("%s", each).isEqualTo(each.status());
            // The client may send the body or not; nobody can tell the body from a next request.
            assertThat(answer.closes()).as("%s", each).isTrue();
            assertThat(peer.isClosed()).as("%s", each).isTrue();
        }
        rig.close();
    }

    @Test
    void continuesWhatItTakes() {
        Peer peer = rig.connect();
        String post = Requests.post(Requests.ONE, "Expect: 100-Continue");
        int body = post.length() - Requests.ONE.length();
        peer.send(post.substring(0, body));
        assertThat(Requests.latin1(peer.received())).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        peer.send(post.substring(body));
        rig.storeAll();
        assertThat(peer.answer().status()).isEqualTo(200);

        // In its turn: the answers before it come first.
        peer.send(Requests.post(Requests.ONE) + post.substring(0, body));
        assertThat(peer.received()).isEmpty();
        rig.storeAll();
        assertThat(peer.statuses()).containsExactly(200, 100);
        peer.send(post.substring(body));
        rig.storeAll();
        assertThat(peer.answer().status()).isEqualTo(200);

        // HTTP/1.0 does not know it.
        peer = rig.connect();
        peer.send("POST /metrics HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 50\r\n\r\n");
        assertThat(peer.received()).isEmpty();
        peer.close();
        rig.close();
    }

    @Test
    void refusesWaitingBodyOfEveryOtherRoute() {
        for (String target : List.of("GET /metrics", "GET /health", "PUT /metrics", "POST /nowhere", "OPTIONS *")) {
            Peer peer = rig.connect();
            peer.send(target + " HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            HttpAnswer answer = peer.answer();
            assertThat(answer.status()).as(target).isNotEqualTo(100);
            assertThat(answer.closes()).as(target).isTrue();
            assertThat(peer.isClosed()).as(target).isTrue();
        }
        rig.close();
    }

    @Test
    void dropsSmallRefusedBodyAndGoesOn() {
        Peer peer = rig.connect();
        peer.send(Requests.post(Requests.ONE, "Content-Type: text/xml") + Requests.post(Requests.ONE));
        rig.storeAll();
        List<HttpAnswer> answers = peer.answers();
        assertThat(answers).extracting(HttpAnswer::status).containsExactly(415, 200);
        assertThat(answers.get(0).closes()).isFalse();
        rig.close();
    }

    @Test
    void closesBehindRefusedBodyOfUnknownOrGreatLength() {
        for (String rest :
                List.of("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "Content-Length: 1048577\r\n\r\nhello")) {
            Peer peer = rig.connect();
            peer.send(Requests.request("POST", "/metrics", "Content-Type: text/xml") + rest);
            HttpAnswer answer = peer.answer();
            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.closes()).isTrue();
            assertThat(peer.isClosed()).isTrue();
        }
        rig.close();
    }

    @Test
    void refusesChunkedBodyOnceItIsTooLong() {
        Peer peer = rig.connect();
        peer.send(Requests.request("POST", "/metrics", "Transfer-Encoding: chunked") + "\r\n");
        String chunk = "400\r\n" + " ".repeat(1024) + "\r\n";
        for (int i = 0; i < MAX_BODY / 1024; i++) {
            peer.send(chunk);
            assertThat(peer.received()).isEmpty();
        }
        peer.send("1\r\n ");
        HttpAnswer answer = peer.answer();
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("body_too_large");
        assertThat(answer.closes()).isTrue();
        rig.close();
    }

    @Test
    void refusesWhenBodiesTakeTooMuchMemory() {
        try (var tight = new PipelineRig(bodyMemoryOfOneMebibyte())) {
            String half = Requests.request("POST", "/metrics") + "Content-Length: 600000\r\n\r\n" + " ".repeat(540_000);
            Peer first = tight.connect();
            first.send(half);
            assertThat(first.received()).isEmpty();
            Peer second = tight.connect();
            second.send(half);
            HttpAnswer answer = second.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("busy");
            // Bodies that come whole take none of it.
            Peer third = tight.connect();
            third.send(Requests.post(Requests.ONE));
            tight.storeAll();
            assertThat(third.answer().status()).isEqualTo(200);
            first.close();
            assertThat(tight.bodyMemory.usedBytes()).isZero();
        }
        rig.close();
    }

    @Test
    void takesLittleMemoryForBodiesThatHaveHardlyBegun() {
        try (var tight = new PipelineRig(bodyMemoryOfOneMebibyte())) {
            String body = " ".repeat(300_000) + Requests.ONE;
            String post = Requests.post(body);
            int head = post.length() - body.length();
            for (int i = 0; i < 30; i++) {
                assertThat(tight.connect().send(post.substring(0, head + 1)).received())
                        .isEmpty();
            }
            assertThat(tight.bodyMemory.usedBytes()).isEqualTo((30 * 16) << 10);
            // One that goes on has what it needs, and gives it back.
            Peer peer = tight.connect();
            for (int at = 0; at < post.length(); at += 9_000) {
                peer.send(post.substring(at, Math.min(post.length(), at + 9_000)));
            }
            tight.storeAll();
            assertThat(peer.answer().status()).isEqualTo(200);
            assertThat(tight.bodyMemory.usedBytes()).isEqualTo((30 * 16) << 10);
        }
        rig.close();
    }

    private static HttpConfig bodyMemoryOfOneMebibyte() {
        return new HttpConfig(
                "",
                0,
                1,
                100,
                Duration.ZERO,
                1 << 20,
                1 << 20,
                2,
                "",
                new HttpLimits(200, 400, 1 << 20),
                HttpTimeouts.DEFAULT);
    }

    @Test
    void refusesLongRequestLinesAndHeaders() {
        Peer peer = rig.connect();
        peer.send(Requests.get("/health?" + "x".repeat(200)));
        assertClosedWith(peer, 414, "uri_too_long");

        peer = rig.connect();
        peer.send("GET /health?" + "x".repeat(200)); // and no end in sight
        assertClosedWith(peer, 414, "uri_too_long");

        peer = rig.connect();
        peer.send(Requests.get("/health", "X: " + "x".repeat(400)));
        assertClosedWith(peer, 431, "headers_too_large");

        peer = rig.connect();
        peer.send(Requests.request("GET", "/health") + "X: y\r\n".repeat(100));
        assertClosedWith(peer, 431, "headers_too_large");

        // Trailers count as headers.
        peer = rig.connect();
        peer.send(Requests.chunked(Requests.ONE, 9).replace("0\r\n\r\n", "0\r\nX: " + "x".repeat(400) + "\r\n\r\n"));
        assertClosedWith(peer, 431, "headers_too_large");

        // What is just within the limits is not refused.
        peer = rig.connect();
        peer.send(
                Requests.get("/health?" + "x".repeat(200 - "GET /health? HTTP/1.1".length()), "X: " + "x".repeat(380)));
        assertThat(peer.answer().status()).isEqualTo(200);
        rig.close();
    }

    private static void assertClosedWith(Peer peer, int status, String code) {
        HttpAnswer answer = peer.answer();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.closes()).isTrue();
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void refusesBeforeTheBodyWhileWritesAreNotTaken() {
        for (String code : List.of("recovering", "disk_full", "stalled", "writer_failed", "draining")) {
            rig.admission.refusal = Refusal.unavailable(code, "for a test", 7);
            Peer peer = rig.connect();
            String post = Requests.post(Requests.ONE);
            peer.send(post.substring(0, post.length() - 5));
            HttpAnswer answer = peer.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo(code);
            assertThat(answer.header("retry-after")).isEqualTo("7");
            peer.send(post.substring(post.length() - 5) + Requests.get("/ready"));
            HttpAnswer ready = peer.answer();
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.json().get("state").asString()).isEqualTo(code);
        }
        rig.admission.refusal = null;
        rig.close();
    }

    @Test
    void showsHowFarTheLogIsRead() {
        rig.admission.refusal = Refusal.unavailable("recovering", "the log is being read after a start", 2);
        rig.admission.recoveredBytes = 1L << 40;
        rig.admission.recoveryBytes = 3L << 40;
        Peer peer = rig.connect();
        peer.send(Requests.get("/ready") + Requests.get("/health"));
        List<HttpAnswer> answers = peer.answers();
        assertThat(answers.get(0).status()).isEqualTo(503);
        assertThat(answers.get(0).text())
                .isEqualTo("{\"status\":\"not ready\",\"error\":\"the log is being read after a start\","
                        + "\"code\":\"recovering\",\"state\":\"recovering\",\"durability\":\"fsync\","
                        + "\"recovered_bytes\":1099511627776,\"recovery_bytes\":3298534883328}");
        assertThat(answers.get(1).status()).as("/health").isEqualTo(200);
        rig.close();
    }

    @Test
    void refusesWhatTheDiskWriterCouldNotStore() {
        Peer peer = rig.connect();
        peer.send(Requests.post(Requests.metrics(3)) + Requests.post(Requests.metrics(4)));
        rig.finishAll(WriteOutcome.FAILED);
        assertThat(peer.statuses()).containsExactly(503, 503);
        peer.send(Requests.post(Requests.metrics(3)));
        rig.finishAll(WriteOutcome.DISK_FULL);
        HttpAnswer answer = peer.answer();
        assertThat(answer.code()).isEqualTo("disk_full");
        assertThat(rig.services.stats().unavailable()).isEqualTo(10);
        rig.close();
    }

    @Test
    void refusesWhatTheRingHasNoRoomFor() {
        var tight = new PipelineRig(
                PipelineRig.config(HttpLimits.DEFAULT), Authenticator.open(), new RateLimits(0, 0, 0), 4);
        Peer peer = tight.connect();
        for (int i = 0; i < 6; i++) {
            peer.send(Requests.post(Requests.ONE));
        }
        tight.storeAll();
        List<HttpAnswer> answers = peer.answers();
        assertThat(answers).extracting(HttpAnswer::status).containsExactly(200, 200, 200, 200, 503, 503);
        assertThat(answers.get(5).code()).isEqualTo("ring_full");
        assertThat(answers.get(5).closes()).isFalse();
        assertThat(tight.services.stats().unavailable()).isEqualTo(2);
        tight.close();
        rig.close();
    }

    @Test
    void refusesQueriesThatMakeNoSense() {
        for (String query :
                List.of("partial=%zz", "partial=maybe", "partial=%", "partial=false&partial=true", "x=%z")) {
            Peer peer = rig.connect();
            peer.send(Requests.postTo("/metrics?" + query, Requests.ONE));
            HttpAnswer answer = peer.answer();
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.code()).as(query).isEqualTo("invalid_parameter");
        }
        for (String query :
                List.of("", "partial=true", "partial=false", "partial=1&x=y", "partial=0", "x", "&&", "=")) {
            Peer peer = rig.connect();
            peer.send(Requests.postTo("/metrics?" + query, Requests.ONE));
            rig.storeAll();
            assertThat(peer.answer().status()).as(query).isEqualTo(200);
        }
        rig.close();
    }
}
