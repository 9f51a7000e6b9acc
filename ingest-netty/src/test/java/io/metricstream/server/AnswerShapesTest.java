package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.auth.AccessRole;
import io.metricstream.auth.KeyFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of answers, of the whole server, against the description that Prometheus has of its API. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class AnswerShapesTest {
    private static final String API = "/api/v1/";
    private static final String[] RANGE = {"start", "0", "end", "60", "step", "30"};

    private AnswerShapes shapes;

    @TempDir
    private Path data;

    @BeforeEach
    void readDescription() throws Exception {
        shapes = AnswerShapes.read();
    }

    private LiveServer start(String... settings) throws Exception {
        return LiveServer.start(data.resolve("data"), settings);
    }

    private static String[] and(String[] parameters, String... more) {
        String[] all = Arrays.copyOf(parameters, parameters.length + more.length);
        System.arraycopy(more, 0, all, parameters.length, more.length);
        return all;
    }

    private HttpResponse<String> answered(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        shapes.check(answer);
        return answer;
    }

    @Test
    void writesSuccessesAsDescribed() throws Exception {
        try (LiveServer server = start("retention.time=infinite")) {
            var api = new ApiClient(server.port());
            api.write("""
                    {"name":"hits_total","type":"counter","value":1,"timestamp":15000,"tags":{"host":"a"}}
                    {"name":"hits_total","type":"counter","value":2,"timestamp":30000,"tags":{"host":"b"}}
                    """);
            for (String query : List.of("1", "hits_total", "hits_total[1m]", "sort(rate(hits[1m]))", "none")) {
                answered(200, api.get(API + "query", "query", query, "time", "31", "limit", "1"));
                answered(200, api.postForm(API + "query", "query", query, "time", "31"));
            }
            for (String query : List.of("1", "hits_total", "sort(rate(hits[1m]))", "none")) {
                answered(200, api.get(API + "query_range", and(RANGE, "query", query, "limit", "1")));
                answered(200, api.postForm(API + "query_range", and(RANGE, "query", query)));
            }
            answered(200, api.get(API + "query", "query", "hits_total[1m]", "time", "31", "stats", "all"));
            answered(200, api.get(API + "query_range", and(RANGE, "query", "hits_total", "stats", "all")));
            answered(200, api.get(API + "query_exemplars", "query", "up"));
            answered(200, api.get(API + "format_query", "query", "up+1"));
            answered(200, api.get(API + "parse_query", "query", "up+1"));
            answered(200, api.get(API + "series", "match[]", "{host=~'.+'}", "limit", "1"));
            answered(200, api.get(API + "labels", "limit", "1"));
            answered(200, api.get(API + "label/host/values"));
            answered(200, api.get(API + "metadata"));
            answered(200, api.get(API + "rules"));
            answered(200, api.get(API + "alerts"));
            for (String what : List.of("buildinfo", "runtimeinfo", "flags", "tsdb")) {
                answered(200, api.get(API + "status/" + what));
            }
            answered(200, api.post(API + "admin/tsdb/snapshot", new byte[0]));
        }
    }

    @Test
    void writesRulesAndAlertsAsDescribed() throws Exception {
        Path rules = Files.writeString(data.resolve("rules.yml"), """
                groups:
                  - name: g
                    interval: 100ms
                    rules:
                      - {record: plain, expr: vector(1)}
                      - {record: labelled, expr: vector(1), labels: {a: b}}
                      - {alert: Fires, expr: vector(1), labels: {a: b}, annotations: {c: d}}
                      - {alert: Waits, expr: vector(1), for: 1h}
                      - {alert: Fails, expr: "'a text'"}
                """);
        try (LiveServer server = start("rules.files=" + rules)) {
            var api = new ApiClient(server.port());
            answered(200, api.get(API + "rules"));
            while (!api.data(API + "rules").contains("lastError")) {
                LockSupport.parkNanos(10_000_000L);
            }
            assertThat(answered(200, api.get(API + "rules")).body()).contains("firing", "pending", "err");
            answered(200, api.get(API + "rules", "exclude_alerts", "true", "group_limit", "1"));
            assertThat(answered(200, api.get(API + "alerts")).body()).contains("firing", "pending");
            answered(400, api.get(API + "rules", "type", "x"));
            answered(400, api.get(API + "rules", "group_next_token", "x"));
        }
    }

    /** The description has the time of a text as a text; the reference answers with a number, as with every other value. */
    @Test
    void writesTextsAsTheReferenceRatherThanItsDescription() throws Exception {
        try (LiveServer server = start()) {
            HttpResponse<String> text = new ApiClient(server.port()).get(API + "query", "query", "'a'", "time", "1.5");
            assertThat(text.body())
                    .isEqualTo("{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[1.5,\"a\"]}}");
            assertThat(shapes.faults(text)).isNotEmpty();
        }
    }

    @Test
    void writesErrorsAsDescribed() throws Exception {
        try (LiveServer server = start()) {
            var api = new ApiClient(server.port());
            api.write("{\"name\":\"x\",\"value\":1,\"tags\":{\"a\":\"b\"}}");
            answered(400, api.get(API + "query", "query", "sum("));
            answered(400, api.get(API + "query_range", "query", "1"));
            answered(400, api.get(API + "format_query"));
            answered(400, api.get(API + "query_exemplars", "query", "("));
            answered(400, api.get(API + "series"));
            answered(400, api.get(API + "labels", "limit", "x"));
            answered(400, api.get(API + "label/%FF/values"));
            answered(400, api.get(API + "status/tsdb", "topN", "0"));
            answered(400, api.post(API + "admin/tsdb/delete_series", new byte[0]));
            answered(405, api.post(API + "metadata", new byte[0]));
            answered(405, api.get(API + "admin/tsdb/snapshot"));
            answered(413, api.postForm(API + "query", "query", "1".repeat(2 << 20)));
            answered(422, api.get(API + "query", "query", "label_replace(x,'\\xff','','','')"));
            answered(
                    503,
                    api.get(
                            API + "query",
                            "query",
                            "stddev_over_time(stddev_over_time(vector(time())[1d:1s])[1d:1s])",
                            "timeout",
                            "1ms"));
        }
        try (LiveServer server = LiveServer.listen(data.resolve("data"))) {
            answered(503, new ApiClient(server.port()).get(API + "labels"));
            server.recover();
        }
    }

    @Test
    void writesErrorsAboutKeysAsDescribed() throws Exception {
        Path keys = data.resolve("keys.json");
        String read = new KeyFile(keys).add("reader", Set.of(AccessRole.READ));
        try (LiveServer server = start("auth.mode=keys", "auth.file=" + keys).authorization("Bearer " + read)) {
            var api = new ApiClient(server.port());
            HttpResponse<String> unknown = answered(401, api.get(API + "labels"));
            assertThat(unknown.headers().firstValue("www-authenticate")).isPresent();
            assertThat(unknown.headers().firstValue("x-error-code")).hasValue("unauthorized");
            answered(403, api.post(API + "admin/tsdb/snapshot", new byte[0], "Authorization", "Bearer " + read));
        }
    }
}
