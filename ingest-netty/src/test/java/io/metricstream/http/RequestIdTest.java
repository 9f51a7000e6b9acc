package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The id by which a client and an operator find the same request. */
final class RequestIdTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(ErrorLog.class);

    private final PipelineRig rig = new PipelineRig();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        LOG.setLevel(Level.INFO);
        LOG.addAppender(lines);
    }

    @AfterEach
    void leavesNothingBehind() {
        LOG.detachAppender(lines);
        LOG.setLevel(null);
        rig.close();
    }

    private List<String> logged() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void echoesIdOfClient() {
        Peer peer = rig.connect();
        for (String id : List.of("a", "7f3c-22", "A_b.c:d/e+f=g@h", "x".repeat(128))) {
            peer.send(Requests.post(Requests.ONE, "X-Request-Id: " + id)
                    + Requests.get("/health", "X-REQUEST-ID: " + id)
                    + Requests.get("/metrics", "X-Request-Id: " + id)
                    + Requests.get("/no", "X-Request-Id: " + id));
            rig.storeAll();
            assertThat(peer.answers()).hasSize(4).allSatisfy(answer -> assertThat(answer.header("x-request-id"))
                    .isEqualTo(id));
            assertThat(logged()).last().asString().contains("answered 404: request-id=" + id + ",");
        }
    }

    @Test
    void makesOwnIdWhereThatOfClientIsUnfit() {
        Peer peer = rig.connect();
        for (String id : List.of("", "x".repeat(129), "a b", "a\tb", "a\"b", "a<b>", "a;b", "a,b", "a\u00e9", "%0a")) {
            peer.send(Requests.get("/health", "X-Request-Id: " + id));
            assertThat(peer.answer().header("x-request-id")).as(id).isNull();
            peer.send(Requests.get("/no", "X-Request-Id: " + id));
            String own = peer.answer().header("x-request-id");
            assertThat(own).as(id).matches("[0-9a-f]{16}");
            assertThat(logged()).last().asString().contains("request-id=" + own + ",");
        }
    }

    @Test
    void sendsNoIdThatNobodyAskedFor() {
        Peer peer = rig.connect();
        peer.send(Requests.post(Requests.ONE) + Requests.get("/health"));
        rig.storeAll();
        assertThat(peer.answers())
                .allSatisfy(answer -> assertThat(answer.header("x-request-id")).isNull());
        assertThat(logged()).isEmpty();
    }

    @Test
    void logsEveryErrorWithItsId() {
        // One of each way an error comes to be. AnswerReader has seen to it that each has an id.
        Peer over = null;
        for (int i = 0; i <= rig.config.maxConnections(); i++) {
            over = rig.connect();
        }
        assertLogged(over.answer(), 503);

        Peer peer = rig.connect();
        peer.close();
        var fresh = new PipelineRig();
        for (String each : List.of(
                Requests.post("no json"),
                Requests.post("{\"metrics\":[{}]}"),
                Requests.post(Requests.ONE, "Content-Type: text/xml"),
                Requests.request("PUT", "/metrics") + "\r\n",
                Requests.post("no gzip", "Content-Encoding: gzip"),
                "nonsense\r\n\r\n",
                Requests.chunked(Requests.ONE, 5).replace("0\r\n\r\n", "x\r\n"),
                "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n")) {
            assertLogged(fresh.connect().send(each).answer(), 0);
        }
        Peer slow = fresh.connect().send("GET /");
        fresh.advance(Duration.ofMinutes(1));
        assertLogged(slow.answer(), 408);
        fresh.admission.refusal = Refusal.unavailable("recovering", "for a test", 2);
        assertLogged(fresh.connect().send(Requests.post(Requests.ONE)).answer(), 503);
        assertLogged(fresh.connect().send(Requests.get("/ready")).answer(), 503);
        fresh.close();
    }

    private void assertLogged(HttpAnswer answer, int status) {
        assertThat(answer.status()).isGreaterThanOrEqualTo(400);
        if (status != 0) {
            assertThat(answer.status()).isEqualTo(status);
        }
        assertThat(logged())
                .last()
                .asString()
                .startsWith(
                        "answered " + answer.status() + ": request-id=" + answer.header("x-request-id") + ", client=");
    }

    @Test
    void letsNoClientWriteTheLog() {
        Peer peer = rig.connect();
        peer.send(Requests.get("/" + "x".repeat(5000), "Authorization: evil\u009b31m"));
        assertThat(peer.answer().status()).isEqualTo(404);
        peer.send(Requests.post("x", "Content-Type: \u009b31m\t" + "y".repeat(5000)));
        assertThat(peer.answer().status()).isEqualTo(415);
        peer.send(Requests.post("{\"metrics\":[{\"name\":\"a\\u001b\\n\"}]}"));
        peer.send(Requests.post("\u001b"));
        assertThat(peer.statuses()).containsExactly(400, 400);
        assertThat(logged()).hasSize(4).allSatisfy(line -> {
            assertThat(line).hasSizeLessThan(400);
            assertThat(line).matches("[\\x20-\\x7e]*");
        });
    }

    @Test
    void cutsFloodOfLinesAndSaysHowMany() {
        Peer peer = rig.connect();
        for (int i = 0; i < 80; i++) {
            peer.send(Requests.get("/no"));
        }
        assertThat(peer.answers()).hasSize(80);
        assertThat(logged()).hasSize(50);
        rig.nowNanos += Duration.ofSeconds(1).toNanos();
        peer.send(Requests.get("/no"));
        assertThat(peer.answer().status()).isEqualTo(404);
        assertThat(logged())
                .element(50)
                .asString()
                .isEqualTo("error answers without a line of their own in the last second: 30");
    }
}
