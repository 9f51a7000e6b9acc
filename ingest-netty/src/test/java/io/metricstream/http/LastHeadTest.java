package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.auth.Authenticator;
import io.metricstream.limit.RateLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A head that is recognised is answered as one that is decoded. Each input comes whole, behind a request with the same
 * head, and again byte by byte, which never is recognised.
 */
final class LastHeadTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final HttpLimits LIMITS = new HttpLimits(256, 512, 2048);
    private static final String[] HEADERS = {"Content-Type: application/json", "Authorization: Bearer a"};
    private static final String FIRST = Requests.post(Requests.metrics(2), HEADERS);

    private record Outcome(List<String> answers, boolean closed) {}

    /** What becomes of these bytes on a connection that has answered {@link #FIRST}. */
    private static Outcome whole(PipelineRig rig, String input) {
        Peer peer = primed(rig);
        peer.send(input);
        return finish(rig, peer);
    }

    private static Outcome byteByByte(PipelineRig rig, String input) {
        Peer peer = primed(rig);
        for (byte b : AnswerReader.latin1(input)) {
            if (!peer.isClosed()) {
                peer.send(new byte[] {b});
            }
        }
        return finish(rig, peer);
    }

    private static Peer primed(PipelineRig rig) {
        Peer peer = rig.connect().send(FIRST);
        rig.storeAll();
        peer.received();
        return peer;
    }

    private static Outcome finish(PipelineRig rig, Peer peer) {
        rig.storeAll();
        boolean closed = peer.isClosed();
        List<String> answers = peer.answers().stream()
                .map(a -> a.status() + (a.status() < 400 ? a.text() : a.code()) + (a.closes() ? " closes" : ""))
                .toList();
        peer.close();
        return new Outcome(answers, closed);
    }

    private static void assertSame(PipelineRig rig, String input) {
        assertThat(whole(rig, input)).as(input).isEqualTo(byteByByte(rig, input));
    }

    @Test
    void recognisesItselfWithAnotherLength() {
        var head = new LastHead(HttpLimits.DEFAULT, LastHead.newScratch());
        learn(head, FIRST);
        for (int metrics : new int[] {1, 2, 50, 1000}) {
            String next = Requests.post(Requests.metrics(metrics), HEADERS);
            ByteBuf in = Unpooled.copiedBuffer("xx" + next + "POST", StandardCharsets.US_ASCII);
            in.skipBytes(2);
            assertThat(head.match(in)).isEqualTo(2 + next.indexOf("{\"metrics"));
            assertThat(head.bodyBytes()).isEqualTo(Requests.metrics(metrics).length());
        }
    }

    @Test
    void recognisesNothingElse() {
        var head = new LastHead(HttpLimits.DEFAULT, LastHead.newScratch());
        assertThat(match(head, FIRST)).isEqualTo(LastHead.NO_MATCH);
        learn(head, FIRST);
        for (int cut = 0; cut < FIRST.length(); cut++) {
            assertThat(match(head, FIRST.substring(0, cut))).isEqualTo(LastHead.NO_MATCH);
        }
        int end = FIRST.indexOf("\r\n\r\n") + 4;
        int number = FIRST.indexOf("Content-Length: ") + "Content-Length: ".length();
        for (int at = 0; at < end; at++) {
            if (at < number || at >= number + 2) {
                String other = FIRST.substring(0, at) + (char) (FIRST.charAt(at) ^ 0x20) + FIRST.substring(at + 1);
                assertThat(match(head, other)).as(other).isEqualTo(LastHead.NO_MATCH);
            }
        }
        for (String length : List.of("", "0", "007", "1000000", "-1", "+1", "1 ", " 1", "1,1", "1\r", "9x")) {
            String other = FIRST.substring(0, number) + length + FIRST.substring(number + 2) + "x".repeat(2_000_000);
            assertThat(match(head, other)).as(length).isEqualTo(LastHead.NO_MATCH);
        }
    }

    private static void learn(LastHead head, String request) {
        try (var rig = new PipelineRig()) {
            Peer peer = rig.connect();
            int end = request.indexOf("\r\n\r\n") + 4;
            head.see(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII), 0, end);
            var exchange = new Exchange(peer.connection());
            exchange.keepAlive = true;
            head.isWrite(
                    exchange,
                    new WriteHead(
                            null,
                            io.metricstream.parse.BodyFormat.JSON,
                            BodyKind.Encoding.IDENTITY,
                            false,
                            false,
                            null));
        }
    }

    private static int match(LastHead head, String text) {
        return head.match(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    @Test
    void answersWholeRequestsAsThoseInPieces() {
        String body = Requests.metrics(3);
        List<String> inputs = new ArrayList<>(List.of(
                FIRST,
                FIRST.repeat(100),
                FIRST + Requests.get("/health") + FIRST + FIRST,
                "\r\n" + FIRST + "\r\n\r\n" + FIRST,
                FIRST + "\n" + FIRST,
                FIRST + FIRST.substring(0, 20),
                FIRST + FIRST.substring(0, FIRST.length() - 3),
                FIRST + Requests.chunked(body, 7, HEADERS) + FIRST,
                Requests.post(body, HEADERS) + FIRST,
                Requests.post("{", HEADERS) + FIRST,
                Requests.post("", HEADERS) + FIRST,
                FIRST.replaceFirst("Content-Length: \\d+", "Content-Length: ") + FIRST,
                FIRST.replaceFirst("Content-Length: \\d+\r\n", "") + FIRST,
                Requests.post("{\"metrics\":[{\"name\":\"\",\"value\":1}]}", HEADERS) + FIRST,
                Requests.post(" ".repeat(LIMITS.bodyBytes()) + body, HEADERS) + FIRST,
                Requests.postTo("/metrics?partial=false", body, HEADERS).repeat(3),
                Requests.postTo("/metrics?partial=perhaps", body, HEADERS).repeat(3),
                Requests.postTo("/nowhere", body, HEADERS).repeat(3),
                Requests.post(body, "Expect: 100-continue").repeat(3),
                Requests.post(body, "Content-Type: text/html").repeat(3),
                Requests.post(body, "Content-Encoding: gzip").repeat(3),
                Requests.post(body, "Connection: close").repeat(3),
                Requests.post(body, "X-Request-Id: one").repeat(3),
                Requests.post(body, "X: " + "y".repeat(330)).repeat(3),
                Requests.post(body).replace("HTTP/1.1", "HTTP/1.0").repeat(3),
                Requests.post(body, "Connection: keep-alive")
                        .replace("HTTP/1.1", "HTTP/1.0")
                        .repeat(3)));
        try (var rig = new PipelineRig(PipelineRig.config(LIMITS))) {
            inputs.forEach(input -> assertSame(rig, input));
        }
    }

    @Test
    void leavesHeadToTheDecoderThatHasBegunIt() {
        String input = FIRST + "\u0001\0\0";
        try (var rig = new PipelineRig(PipelineRig.config(LIMITS))) {
            Outcome wanted = byteByByte(rig, input);
            for (int cut = 1; cut < FIRST.length(); cut++) {
                Peer peer = primed(rig).send(input.substring(0, cut)).send(input.substring(cut));
                assertThat(finish(rig, peer)).as("cut at %d", cut).isEqualTo(wanted);
            }
        }
    }

    @Test
    void answersAlteredHeadsAsDecodedOnes() {
        int end = FIRST.indexOf("\r\n\r\n") + 4;
        var random = new Random(SEED);
        try (var rig = new PipelineRig(PipelineRig.config(LIMITS))) {
            for (int at = 0; at <= end; at++) {
                char[] others = {' ', '\t', '\r', '\n', ':', '0', '1', '9', ',', 0, (char) random.nextInt(256)};
                char other = others[random.nextInt(others.length)];
                try {
                    assertSame(rig, FIRST.substring(0, at) + other + FIRST.substring(at + 1) + FIRST);
                    assertSame(rig, FIRST.substring(0, at) + other + FIRST.substring(at) + FIRST);
                    assertSame(rig, FIRST.substring(0, at) + FIRST.substring(at + 1) + FIRST);
                } catch (AssertionError e) {
                    throw new AssertionError("-Dseed=" + SEED, e);
                }
            }
        }
    }

    @Test
    void decidesAnewWhatDependsOnTheMoment() {
        var limits = new RateLimits(3, 0, 0);
        try (var rig = new PipelineRig(PipelineRig.config(LIMITS), Authenticator.open(), limits, 64)) {
            Peer peer = primed(rig);
            peer.send(FIRST.repeat(3));
            rig.storeAll();
            assertThat(peer.statuses()).containsExactly(200, 200, 429);
            rig.advance(java.time.Duration.ofSeconds(2));
            rig.admission.refusal = Refusal.unavailable("stalled", "the disk does not answer", 1);
            peer.send(FIRST);
            assertThat(peer.statuses()).containsExactly(503);
            rig.admission.refusal = null;
            rig.admission.draining = true;
            peer.send(FIRST + FIRST);
            rig.storeAll();
            assertThat(peer.statuses()).containsExactly(200);
            assertThat(peer.isClosed()).isTrue();
        }
    }

    @Test
    void endsWhereTheConnectionIsOld() {
        try (var rig = new PipelineRig(PipelineRig.config(LIMITS))) {
            Peer peer = rig.connect(rig.nowNanos + 1_000_000_000L);
            peer.send(FIRST + FIRST);
            rig.storeAll();
            assertThat(peer.statuses()).containsExactly(200, 200);
            rig.advance(java.time.Duration.ofSeconds(2));
            peer.send(FIRST + FIRST);
            rig.storeAll();
            assertThat(peer.answers()).singleElement().satisfies(a -> assertThat(a.closes())
                    .isTrue());
        }
    }

    @Test
    void stopsReadingWhereTooManyAreUnanswered() {
        try (var rig = new PipelineRig(PipelineRig.config(LIMITS))) {
            Peer peer = primed(rig);
            peer.send(FIRST.repeat(63));
            assertThat(peer.isRead()).isTrue();
            peer.send(FIRST);
            assertThat(peer.isRead()).isFalse();
            rig.storeAll();
            assertThat(peer.isRead()).isTrue();
            assertThat(peer.statuses()).hasSize(64).containsOnly(200);
        }
    }
}
