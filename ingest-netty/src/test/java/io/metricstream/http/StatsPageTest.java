package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.ring.WriteOutcome;
import io.prometheus.metrics.model.registry.Collector;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets which form of the statistics. */
final class StatsPageTest {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PipelineRig rig = new PipelineRig();

    @AfterEach
    void leavesNothingBehind() {
        rig.close();
    }

    private void serves(String contentType, String... accepts) {
        Peer peer = rig.connect();
        var head = new StringBuilder(Requests.request("GET", "/metrics"));
        for (String accept : accepts) {
            head.append("Accept: ").append(accept).append("\r\n");
        }
        HttpAnswer answer = peer.send(head + "\r\n").run().answer();
        assertThat(answer.status()).as("%s", head).isEqualTo(200);
        assertThat(answer.header("content-type")).as("%s", head).isEqualTo(contentType);
        switch (contentType) {
            case JSON ->
                assertThat(answer.json().get("metrics_received").asInt()).isZero();
            case TEXT ->
                assertThat(answer.text())
                        .contains("# TYPE metricstream_samples_received_total counter")
                        .doesNotContain("# EOF");
            default ->
                assertThat(answer.text())
                        .contains("# TYPE metricstream_samples_received counter")
                        .endsWith("# EOF\n");
        }
    }

    @Test
    void servesJsonToPeopleAndPrograms() {
        serves(JSON);
        serves(JSON, "*/*"); // curl
        serves(
                JSON,
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"); // Firefox
        serves(
                JSON,
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
                        + "application/signed-exchange;v=b3;q=0.7"); // Chrome
        serves(JSON, "application/json, text/plain, */*"); // axios
        serves(JSON, "application/json");
        serves(JSON, "APPLICATION/JSON;charset=utf-8");
        serves(JSON, "text/html, image/gif, image/jpeg, */*; q=0.2"); // java.net
        serves(JSON, "application/json;q=0.5, text/plain;q=0.1");
    }

    @Test
    void servesJsonToWhomItCannotPlease() {
        serves(JSON, "");
        serves(JSON, ",");
        serves(JSON, ";");
        serves(JSON, "image/png");
        serves(JSON, "text/html");
        serves(JSON, "text/plain;q=0");
        serves(JSON, "application/json;q=0, text/plain;q=0, */*;q=0");
        serves(JSON, "nonsense;;;q=x,/,*,*/,/*");
    }

    @Test
    void servesExpositionThatScraperPrefers() {
        serves( // Prometheus 2
                OPENMETRICS,
                "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.1");
        serves( // Prometheus 3
                OPENMETRICS,
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                        + "application/openmetrics-text;version=0.0.1;q=0.5,"
                        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
        serves( // Prometheus 3 where scrape_protocols begins with PrometheusText0.0.4
                TEXT, "text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.2");
        serves( // Prometheus with native histograms
                OPENMETRICS,
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                        + "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
        serves(TEXT, "text/plain;version=0.0.4;q=1,*/*;q=0.1"); // vmagent
        serves(TEXT, "text/plain");
        serves(TEXT, "text/*");
        serves(TEXT, "text/plain, */*");
        serves(OPENMETRICS, "application/openmetrics-text");
        serves(OPENMETRICS, "Application/OpenMetrics-Text ; Version=1.0.0 ; Q=0.5");
        serves(OPENMETRICS, "application/*;q=0.1, application/json;q=0, application/openmetrics-text");
        serves(TEXT, "application/json;q=0.1", "text/plain;q=0.2");
    }

    @Test
    void answersHeadOfAnExposition() {
        Peer peer = rig.connect();
        peer.send(Requests.request("HEAD", "/metrics", "Accept: text/plain") + "\r\n")
                .run();
        HttpAnswer answer = peer.answerToHead();
        assertThat(answer.header("content-type")).isEqualTo(TEXT);
        assertThat(Integer.parseInt(answer.header("content-length"))).isPositive();
    }

    @Test
    void answersScrapeThatFailed() {
        Collector broken = () -> {
            throw new IllegalStateException("for a test");
        };
        rig.registry.getPrometheusRegistry().register(broken);
        Peer peer = rig.connect();
        peer.send(Requests.get("/metrics", "Accept: text/plain")).run();
        assertThat(Requests.latin1(peer.received()))
                .startsWith("HTTP/1.1 500 ")
                .contains("connection: close", "\"code\":\"internal\"");
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void refusesScrapeWhereTooManyWait() {
        Executor full = task -> {
            throw new RejectedExecutionException();
        };
        var busy = new Dispatch(
                rig.services,
                rig.config,
                new InfoPages(rig.services, rig.stats),
                new AdminPages(rig.administration, full),
                new ApiPages(rig.services.api(), full, full, rig.config.timeouts()),
                new WebFiles(full),
                full);
        Peer peer = rig.connect(busy);
        peer.send(Requests.get("/metrics", "Accept: text/plain"));
        HttpAnswer answer = peer.answer();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("busy");
        assertThat(peer.send(Requests.get("/")).answer().code()).isEqualTo("busy");
        answer = rig.connect(busy)
                .send(Requests.postTo("/api/v1/admin/tsdb/snapshot", ""))
                .answer();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().get("errorType").asString()).isEqualTo("unavailable");
    }

    @Test
    void tellsEachClientItsOwnCounts() {
        rig.connect()
                .send(Requests.post(Requests.metrics(3), "Authorization: one"))
                .run();
        rig.connect()
                .send(Requests.post(Requests.metrics(4), "Authorization: two"))
                .run();
        rig.connect()
                .send(Requests.post(Requests.metrics(5), "Authorization: one"))
                .run();
        rig.finishAll(WriteOutcome.STORED);
        assertThat(clientOf("one"))
                .isEqualTo("{\"name\":\"one\",\"requests_allowed\":2,\"requests_refused\":0,\"metrics_stored\":8}");
        assertThat(clientOf("two")).contains("\"metrics_stored\":4}");
        assertThat(clientOf("nobody \"quoted\"")).contains("nobo").contains("\"metrics_stored\":0}");
        assertThat(rig.clients.size()).isEqualTo(2);
    }

    @Test
    void countsNothingForAClientWhoseWriteFailed() {
        rig.connect()
                .send(Requests.post(Requests.metrics(3), "Authorization: one"))
                .run();
        rig.finishAll(WriteOutcome.DISK_FULL);
        assertThat(clientOf("one")).contains("\"requests_allowed\":1", "\"metrics_stored\":0}");
    }

    private String clientOf(String authorization) {
        Peer peer = rig.connect();
        HttpAnswer answer = peer.send(Requests.get("/metrics", "Authorization: " + authorization))
                .run()
                .answer();
        assertThat(answer.json().path("started_millis").asLong()).isEqualTo(PipelineRig.NOW_MILLIS);
        return answer.json().path("client").toString();
    }

    @Test
    void countsWhatTheFirstVersionCounted() {
        Peer peer = rig.connect();
        peer.send(
                Requests.post(Requests.metrics(5)) + Requests.post("{\"metrics\":[{\"name\":\"a\",\"value\":1},{}]}"));
        rig.storeAll();
        assertThat(peer.statuses()).containsExactly(200, 400);
        peer.send(Requests.get("/metrics"));
        assertThat(peer.answer().text())
                .startsWith("{\"metrics_received\":7,\"batches_processed\":2,\"validation_errors\":1,"
                        + "\"rate_limited_requests\":0,");
    }
}
