package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a client may take, with time that moves only when the test moves it. */
final class TimeLimitTest {
    private static final Duration BLINK = Duration.ofMillis(1);
    private static final HttpTimeouts TIMEOUTS = new HttpTimeouts(
            Duration.ofSeconds(75), Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(90));

    private final PipelineRig rig = new PipelineRig(PipelineRig.config(HttpLimits.DEFAULT, TIMEOUTS));
    private final Peer peer = rig.connect();

    @AfterEach
    void leavesNothingBehind() {
        rig.close();
    }

    private void passes(Duration limit) {
        rig.advance(limit);
        assertThat(peer.isClosed()).as("closed at the limit").isFalse();
        assertThat(peer.received()).as("answered at the limit").isEmpty();
        rig.advance(BLINK);
    }

    private void assertTimedOut() {
        HttpAnswer answer = peer.answer();
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.code()).isEqualTo("request_timeout");
        assertThat(answer.closes()).isTrue();
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void closesIdleConnectionWithoutAnAnswer() {
        passes(TIMEOUTS.idle());
        assertThat(peer.isClosed()).isTrue();
        assertThat(peer.received()).isEmpty();
    }

    @Test
    void countsIdleTimeFromTheLastAnswer() {
        peer.send(Requests.post(Requests.ONE));
        rig.advance(Duration.ofHours(1)); // the disk writer takes its time
        rig.storeAll();
        assertThat(peer.answer().status()).isEqualTo(200);
        passes(TIMEOUTS.idle());
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void endsSlowHeaders() {
        peer.send("G");
        for (int i = 0; i < 9; i++) {
            rig.advance(Duration.ofSeconds(1));
            peer.send("x");
        }
        passes(Duration.ofSeconds(1));
        assertTimedOut();
    }

    @Test
    void endsOthersWhenOneCannotBeToldThatItIsLate() {
        Peer other = rig.connect().failsToAnswer(1).send("G");
        peer.send("G");
        passes(TIMEOUTS.header());
        assertThat(other.isClosed()).isTrue();
        assertThat(other.received()).isEmpty();
        assertTimedOut();
    }

    @Test
    void endsSlowHeadersOfLaterRequest() {
        peer.send(Requests.get("/health") + "GET /health HT");
        assertThat(peer.answer().status()).isEqualTo(200);
        passes(TIMEOUTS.header());
        assertTimedOut();
    }

    @Test
    void startsTheHeaderTimeWithTheHeaders() {
        rig.advance(Duration.ofSeconds(50));
        peer.send("GET /health HTTP/1.1\r\n");
        passes(TIMEOUTS.header());
        assertTimedOut();
    }

    @Test
    void takesAnEmptyLineForIdleTime() {
        // Some old clients send one behind a body.
        peer.send(Requests.post(Requests.ONE) + "\r\n");
        rig.storeAll();
        assertThat(peer.answer().status()).isEqualTo(200);
        rig.advance(TIMEOUTS.header().plus(BLINK));
        assertThat(peer.isClosed()).isFalse();
        peer.send("\r\n");
        rig.advance(TIMEOUTS.idle().minus(TIMEOUTS.header()));
        assertThat(peer.isClosed()).isTrue();
        assertThat(peer.received()).isEmpty();
    }

    @Test
    void answersSlowHeadersInTheirTurn() {
        peer.send(Requests.post(Requests.ONE) + "GET /");
        rig.advance(TIMEOUTS.header().plus(BLINK));
        assertThat(peer.received()).as("before the answer to the first request").isEmpty();
        peer.send("health HTTP/1.1\r\nHost: h\r\n\r\n");
        rig.storeAll();
        assertThat(peer.statuses()).containsExactly(200, 408);
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void endsSlowBodies() {
        String post = Requests.post(Requests.ONE);
        peer.send(post.substring(0, post.length() - 10));
        for (int i = 1; i < 10; i++) {
            rig.advance(Duration.ofSeconds(6));
            peer.send(" ");
        }
        passes(Duration.ofSeconds(6));
        assertTimedOut();
        assertThat(rig.bodyMemory.usedBytes()).isZero();
    }

    @Test
    void endsSlowChunksInTheirTurn() {
        peer.send(Requests.post(Requests.ONE) + Requests.request("POST", "/metrics", "Transfer-Encoding: chunked")
                + "\r\n5\r\nhel");
        passes(TIMEOUTS.body());
        rig.storeAll();
        assertThat(peer.statuses()).containsExactly(200, 408);
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void endsSlowBodyOfRefusedRequest() {
        String post = Requests.post(Requests.ONE, "Content-Type: text/xml");
        peer.send(post.substring(0, post.length() - 1));
        assertThat(peer.answer().status()).isEqualTo(415);
        passes(TIMEOUTS.body());
        assertThat(peer.isClosed()).isTrue();
        assertThat(peer.received()).isEmpty();
    }

    @Test
    void spreadsTheAgeOfConnectionsByATenth() {
        long age = Duration.ofHours(1).toNanos();
        assertThat(HttpServer.jittered(age, 0)).isEqualTo(Duration.ofMinutes(54).toNanos());
        assertThat(HttpServer.jittered(age, 1)).isCloseTo(Duration.ofMinutes(66).toNanos(), within(1_000_000L));
        assertThat(HttpServer.jittered(age, 0.5)).isCloseTo(age, within(1_000_000L));
    }

    @Test
    void waitsForTheDiskWriterAsLongAsItTakes() {
        peer.send(Requests.post(Requests.ONE));
        rig.advance(Duration.ofDays(1));
        assertThat(peer.isClosed()).isFalse();
        rig.storeAll();
        assertThat(peer.answer().status()).isEqualTo(200);
    }

    @Test
    void doesNotCountTheTimeInWhichItDoesNotRead() {
        String post = Requests.post(Requests.ONE);
        peer.send(post.repeat(64) + post.substring(0, post.length() - 1));
        assertThat(peer.isRead()).isFalse();
        rig.advance(Duration.ofHours(1));
        rig.storeAll();
        assertThat(peer.isRead()).isTrue();
        rig.advance(TIMEOUTS.body().minus(BLINK));
        peer.send(post.substring(post.length() - 1));
        rig.storeAll();
        List<Integer> statuses = peer.statuses();
        assertThat(statuses).hasSize(65).containsOnly(200);
    }
}
