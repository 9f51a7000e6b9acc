package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What browsers are told about pages of other servers. */
final class CrossOriginTest {
    private static final String HERE = "Origin: https://grafana.example.com";
    private static final String ELSEWHERE = "Origin: https://grafana.example.com.evil.org";
    private static final String ALLOW = "access-control-allow-origin";
    private static final String EXPOSE = "access-control-expose-headers";

    private static PipelineRig rig(String origins) {
        return new PipelineRig(PipelineRig.config(HttpLimits.DEFAULT, HttpTimeouts.DEFAULT, origins));
    }

    private static HttpAnswer ask(PipelineRig rig, String request) {
        Peer peer = rig.connect().send(request);
        rig.storeAll();
        return peer.answer();
    }

    /** A page, a write, a write again, whose head is known then, errors of either. */
    private static List<HttpAnswer> answers(PipelineRig rig, String... headers) {
        Peer writer = rig.connect().send(Requests.post(Requests.ONE, headers));
        rig.storeAll();
        HttpAnswer first = writer.answer();
        writer.send(Requests.post(Requests.ONE, headers));
        rig.storeAll();
        HttpAnswer second = writer.answer();
        assertThat(first.status()).isEqualTo(200);
        assertThat(second.text()).isEqualTo(first.text());
        HttpAnswer bad = ask(rig, Requests.post("{", headers));
        assertThat(bad.status()).isEqualTo(400);
        HttpAnswer nothing = ask(rig, Requests.get("/nothing", headers));
        assertThat(nothing.status()).isEqualTo(404);
        return List.of(first, second, bad, nothing, ask(rig, Requests.get("/metrics", headers)));
    }

    @Test
    void saysNothingUnlessItIsSetUp() {
        try (var rig = rig("")) {
            assertThat(answers(rig, HERE)).allSatisfy(answer -> {
                assertThat(answer.header(ALLOW)).isNull();
                assertThat(answer.header("vary")).isNull();
            });
            HttpAnswer preflight = preflight(rig, HERE);
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.header("access-control-allow-methods")).isNull();
        }
    }

    @Test
    void letsPagesOfAllowedOriginsReadEveryAnswer() {
        try (var rig = rig("https://(grafana|page)[.]example[.]com")) {
            assertThat(answers(rig, HERE)).allSatisfy(answer -> {
                assertThat(answer.header(ALLOW)).isEqualTo("https://grafana.example.com");
                assertThat(answer.header(EXPOSE)).contains("Retry-After", "X-Error-Code");
                assertThat(answer.header("vary")).isEqualTo("origin");
                assertThat(answer.header("access-control-allow-credentials")).isNull();
            });
            assertThat(answers(rig, ELSEWHERE)).allSatisfy(answer -> {
                assertThat(answer.header(ALLOW)).isNull();
                assertThat(answer.header("vary")).isEqualTo("origin");
            });
            assertThat(answers(rig))
                    .allSatisfy(answer -> assertThat(answer.header("vary")).isEqualTo("origin"));
        }
    }

    @Test
    void letsAllPagesReadWhereThatIsWanted() {
        try (var rig = rig(".*")) {
            assertThat(answers(rig, ELSEWHERE)).allSatisfy(answer -> {
                assertThat(answer.header(ALLOW)).isEqualTo("*");
                assertThat(answer.header("vary")).isNull();
            });
            assertThat(answers(rig))
                    .allSatisfy(answer -> assertThat(answer.header(ALLOW)).isNull());
        }
    }

    @Test
    void saysWhatAPageMaySend() {
        try (var rig = rig("https://.*[.]example[.]com")) {
            HttpAnswer allowed = preflight(rig, HERE);
            assertThat(allowed.status()).isEqualTo(204);
            assertThat(allowed.header(ALLOW)).isEqualTo("https://grafana.example.com");
            assertThat(allowed.header("access-control-allow-methods")).isEqualTo("GET, HEAD, OPTIONS, POST");
            assertThat(allowed.header("access-control-allow-headers")).contains("Authorization", "Content-Type");
            assertThat(allowed.header("access-control-max-age")).isEqualTo("600");
            assertThat(preflight(rig, ELSEWHERE).header(ALLOW)).isNull();
        }
    }

    private static HttpAnswer preflight(PipelineRig rig, String origin) {
        return ask(
                rig,
                Requests.request(
                                "OPTIONS",
                                "/api/v1/query",
                                origin,
                                "Access-Control-Request-Method: POST",
                                "Access-Control-Request-Headers: authorization")
                        + "\r\n");
    }
}
