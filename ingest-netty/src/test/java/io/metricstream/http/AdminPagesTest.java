package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.auth.AccessRole;
import io.metricstream.auth.Authenticator;
import io.metricstream.auth.KeyFile;
import io.metricstream.limit.RateLimits;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator may ask for, and how it is answered. */
final class AdminPagesTest {
    private static final String DELETE = "/api/v1/admin/tsdb/delete_series";
    private static final String SNAPSHOT = "/api/v1/admin/tsdb/snapshot";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";

    private final PipelineRig rig = new PipelineRig();
    private final Peer peer = rig.connect();

    @AfterEach
    void close() {
        rig.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpAnswer post(String target, String form) {
        return peer.send(Requests.postTo(target, form, FORM)).run().answer();
    }

    private void refuses(String query, String message) {
        // Twice, as nothing may stay behind.
        for (int i = 0; i < 2; i++) {
            HttpAnswer answer = post(DELETE + query, "");
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            assertThat(answer.json().get("status").asString()).isEqualTo("error");
            assertThat(answer.json().get("errorType").asString()).isEqualTo("bad_data");
            assertThat(answer.json().get("error").asString()).contains(message);
        }
        assertThat(rig.administration.done).isEmpty();
    }

    @Test
    void deletesWhatQueryAndFormName() {
        String query = "?match[]=" + encoded("cpu{host=\"a\"}") + "&start=1.5";
        HttpAnswer answer =
                post(DELETE + query, "match%5B%5D=" + encoded("{\"my.metric\"}") + "&end=2025-09-17T13:45:23Z");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.text()).isEmpty();
        assertThat(rig.administration.done)
                .containsExactly(
                        "delete [[__name__=\"my.metric\"], [__name__=\"cpu\", host=\"a\"]] 1500 1758116723000");
        assertThat(peer.send(Requests.postTo(DELETE + "?match[]=up", ""))
                        .run()
                        .answer()
                        .status())
                .isEqualTo(204);
        assertThat(peer.send(Requests.request("PUT", DELETE + "?match[]=up") + "\r\n")
                        .run()
                        .answer()
                        .status())
                .isEqualTo(204);
        assertThat(rig.administration.done)
                .hasSize(3)
                .last()
                .isEqualTo("delete [[__name__=\"up\"]] " + Long.MIN_VALUE + " " + Long.MAX_VALUE);
    }

    @Test
    void refusesWhatIsNoSelectionAndDeletesNothing() {
        refuses("", "no match[] parameter provided");
        refuses("?match[]=", "match[]");
        refuses("?match[]=%7B%7D", "at least one non-empty matcher");
        refuses("?match[]=" + encoded("{a=~\".*\"}"), "at least one non-empty matcher");
        refuses("?match[]=up&match[]=" + encoded("{a=~\"(\"}"), "regular expression");
        refuses("?match[]=up&start=x", "\"start\": cannot parse x");
        refuses("?match[]=up&start=%2B999999999-01-01T00:00:00Z", "\"start\": cannot parse +999999999-01-01");
        refuses("?match[]=up&end=NaN", "\"end\": cannot parse NaN");
        refuses("?match[]=up&start=2&end=1", "end timestamp must not be before start time");
        refuses("?match[]=%zz", "");
    }

    @Test
    void boundsWhatAllRegularExpressionsComeToTogether() {
        String large = "match[]=" + encoded("up{a=~\"((b{40}){40}){40}\"}");
        assertThat(post(DELETE + "?" + large, "").status()).as("one").isEqualTo(204);
        rig.administration.done.clear();
        refuses("?" + large + "&" + large, "regular expressions too large");
        refuses("?match[]=" + encoded("up{a=~\"((b{40}){40}){40}\",c!~\"((d{40}){40}){40}\"}"), "too large");
    }

    @Test
    void boundsForms() {
        String form = "match[]=up&more=" + "x".repeat(1 << 20);
        Peer asking = rig.connect().send(Requests.postTo(DELETE, form, FORM)).run();
        HttpAnswer answer = asking.answer();
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("body_too_large");
        assertThat(answer.text()).contains("1048576");
        assertThat(rig.administration.done).isEmpty();
    }

    @Test
    void makesSnapshots() {
        HttpAnswer answer = post(SNAPSHOT, "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .isEqualTo("{\"status\":\"success\",\"data\":{\"name\":\"20260101T000000Z-0123456789abcdef\"}}");
        assertThat(post(SNAPSHOT + "?skip_head=true", "").status()).isEqualTo(200);
        assertThat(post(SNAPSHOT + "?skip_head=maybe", "").status()).isEqualTo(400);
        assertThat(rig.administration.done).containsExactly("snapshot true", "snapshot false");
    }

    @Test
    void saysWhenToTryAgain() {
        rig.administration.refusal = Refusal.unavailable("flush_behind", "flushing to the disk is behind", 2);
        HttpAnswer answer = post(DELETE + "?match[]=up", "");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("retry-after")).isEqualTo("2");
        assertThat(answer.json().get("errorType").asString()).isEqualTo("unavailable");
        assertThat(answer.json().get("error").asString()).isEqualTo("flushing to the disk is behind");
    }

    @Test
    void neverActsOnAGet() {
        for (String path : List.of(DELETE + "?match[]=up", SNAPSHOT)) {
            for (String method : List.of("GET", "HEAD", "DELETE")) {
                Peer asking = rig.connect().send(Requests.request(method, path) + "Connection: close\r\n\r\n");
                HttpAnswer answer = method.equals("HEAD") ? asking.answerToHead() : asking.answer();
                assertThat(answer.status()).as(method).isEqualTo(405);
                assertThat(answer.header("allow")).isEqualTo("OPTIONS, POST, PUT");
            }
        }
        assertThat(rig.administration.done).isEmpty();
    }

    @Test
    void wantsTheRoleOfAnAdministrator(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        var keys = new KeyFile(file);
        String write = keys.add("fleet", Set.of(AccessRole.WRITE, AccessRole.READ));
        String admin = keys.add("boss", Set.of(AccessRole.ADMIN));
        try (var guarded = new PipelineRig(
                PipelineRig.config(HttpLimits.DEFAULT), Authenticator.keys(file), new RateLimits(0, 0, 0), 64)) {
            for (String path : List.of(DELETE + "?match[]=up", SNAPSHOT)) {
                Peer asking = guarded.connect();
                assertThat(asking.send(Requests.postTo(path, "")).run().answer().status())
                        .isEqualTo(401);
                assertThat(asking.send(Requests.postTo(path, "", "Authorization: Bearer " + write))
                                .run()
                                .answer()
                                .status())
                        .isEqualTo(403);
                assertThat(guarded.administration.done).isEmpty();
                assertThat(asking.send(Requests.postTo(path, "", "Authorization: Bearer " + admin))
                                .run()
                                .answer()
                                .status())
                        .isIn(200, 204);
                guarded.administration.done.clear();
            }
        }
    }
}
