package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.HttpAnswer;
import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Queries as Grafana and promtool ask them, of the whole server. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class QueryApiTest {
    private static final String QUERY = "/api/v1/query";
    private static final String RANGE = "/api/v1/query_range";
    /** Hundreds of millions of additions, from nothing that is stored. */
    private static final String LONG = "stddev_over_time(stddev_over_time(vector(time())[1d:1s])[1d:1s])";

    @TempDir
    private Path data;

    private static LiveServer start(Path data, String... settings) throws Exception {
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "retention.time=infinite";
        return LiveServer.start(data, all);
    }

    private static void writeCounters(ApiClient api) throws Exception {
        var lines = new StringBuilder();
        for (int i = 0; i <= 20; i++) {
            for (String host : List.of("a", "b")) {
                lines.append(String.format(
                        Locale.ROOT,
                        "{\"name\":\"hits_total\",\"type\":\"counter\",\"value\":%d,\"timestamp\":%d,"
                                + "\"tags\":{\"host\":\"%s\"}}%n",
                        i * (host.equals("a") ? 10 : 20),
                        i * 15_000L,
                        host));
            }
        }
        api.write(lines.toString());
    }

    @Test
    void answersAtASingleMoment() throws Exception {
        try (LiveServer server = start(data)) {
            var api = new ApiClient(server.port());
            writeCounters(api);
            assertThat(api.data(QUERY, "query", "1+1", "time", "4"))
                    .isEqualTo("{\"resultType\":\"scalar\",\"result\":[4,\"2\"]}");
            assertThat(api.data(QUERY, "query", "\"a\\\"b\"", "time", "0.5"))
                    .isEqualTo("{\"resultType\":\"string\",\"result\":[0.5,\"a\\\"b\"]}");
            assertThat(api.data(QUERY, "query", "'\\xff'", "time", "0")).contains("[0,\"\ufffd\"]");
            assertThat(api.data(QUERY, "query", "label_replace(vector(1),'a','\\xff','','')", "time", "0"))
                    .contains("{\"a\":\"\ufffd\"}");
            String sum = "{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[300,\"2\"]}]}";
            assertThat(api.data(QUERY, "query", "sum(rate(hits_total[1m]))", "time", "300"))
                    .isEqualTo(sum);
            assertThat(api.success(api.postForm(
                                    QUERY, "query", "sum(rate(hits_total[1m]))", "time", "1970-01-01T00:05:00Z"))
                            .get("data"))
                    .hasToString(sum);
            assertThat(api.data(QUERY, "query", "hits_total{host='a'}[30s]", "time", "30.001"))
                    .isEqualTo("{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"hits_total\","
                            + "\"host\":\"a\"},\"values\":[[15,\"10\"],[30,\"20\"]]}]}");
            assertThat(api.data(QUERY, "query", "hits_total", "time", "900"))
                    .isEqualTo("{\"resultType\":\"vector\",\"result\":[]}");
            assertThat(api.data(QUERY, "query", "hits_total", "time", "900", "lookback_delta", "20m"))
                    .contains("\"200\"", "\"400\"");
            assertThat(api.data(QUERY, "query", "vector(1)", "time", "-0.001")).contains("[-0.001,\"1\"]");
            assertThat(api.data(QUERY, "query", "time() > bool 1600000000")).contains("\"1\"");
        }
    }

    @Test
    void takesASemicolonAsPartOfAnExpression() throws Exception {
        try (LiveServer server = start(data)) {
            String address = QUERY + "?query=%22a;b%22&time=0";
            assertThat(server.ask(Requests.get(address)).text()).contains("[0,\"a;b\"]");
            HttpAnswer form = server.ask(
                    Requests.postTo(QUERY, "query='a;b'&time=0", "Content-Type: application/x-www-form-urlencoded"));
            assertThat(form.text()).contains("[0,\"a;b\"]");
        }
    }

    @Test
    void answersOverARange() throws Exception {
        try (LiveServer server = start(data)) {
            var api = new ApiClient(server.port());
            writeCounters(api);
            JsonNode range = api.success(
                    api.get(RANGE, "query", "hits_total", "start", "0", "end", "60", "step", "30s", "limit", "1"));
            assertThat(range.get("data"))
                    .hasToString("{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"hits_total\","
                            + "\"host\":\"a\"},\"values\":[[0,\"0\"],[30,\"20\"],[60,\"40\"]]}]}");
            assertThat(range.get("warnings")).hasToString("[\"results truncated due to limit\"]");
            JsonNode noted = api.success(
                    api.postForm(RANGE, "query", "sort(rate(hits[1m]))", "start", "0", "end", "60", "step", "30"));
            assertThat(noted.get("warnings"))
                    .hasToString("[\"PromQL warning: sort is ineffective for range queries since results are always"
                            + " ordered by labels (1:1)\"]");
            assertThat(api.success(api.get(QUERY, "query", "rate({__name__=~'hits.*'}[1m])", "time", "60"))
                            .has("infos"))
                    .isFalse();
        }
    }

    /** Samples are 15 s apart, and there is one at time 0. */
    @Test
    void tellsWhatAQueryTook() throws Exception {
        try (LiveServer server = start(data)) {
            var api = new ApiClient(server.port());
            writeCounters(api);
            assertThat(api.data(QUERY, "query", "hits_total", "time", "60")).doesNotContain("stats");
            assertThat(lookedAt(api, "hits_total")).isEqualTo("[[60,2],[90,2],[120,2]]");
            assertThat(lookedAt(api, "sum(rate(hits_total[1m])) + 1")).isEqualTo("[[60,8],[90,8],[120,8]]");
            assertThat(lookedAt(api, "hits_total{host='a'} @ 30 + hits_total{host='a'}"))
                    .isEqualTo("[[60,2],[90,2],[120,2]]");
            assertThat(lookedAt(api, "max_over_time(rate(hits_total{host='a'}[1m])[1m:15s])"))
                    .isEqualTo("[[60,4],[90,4],[120,4]]");
            assertThat(lookedAt(api, "time()")).isEqualTo("[[60,0],[90,0],[120,0]]");
            JsonNode stats = api.success(api.postForm(QUERY, "query", "hits_total[1m]", "time", "60", "stats", "1"))
                    .get("data")
                    .get("stats");
            assertThat(stats.get("samples").has("totalQueryableSamplesPerStep")).isFalse();
            assertThat(stats.get("samples").get("totalQueryableSamples").asInt())
                    .isEqualTo(8);
            assertThat(stats.get("samples").get("samplesRead").asInt()).isBetween(8, 42);
            assertThat(stats.get("samples").get("peakSamples").asInt()).isPositive();
            JsonNode timings = stats.get("timings");
            assertThat(timings.propertyNames())
                    .containsExactly(
                            "evalTotalTime",
                            "resultSortTime",
                            "queryPreparationTime",
                            "innerEvalTime",
                            "execQueueTime",
                            "execTotalTime");
            assertThat(timings.get("execTotalTime").asDouble())
                    .isGreaterThanOrEqualTo(timings.get("evalTotalTime").asDouble())
                    .isGreaterThan(0);
        }
    }

    /** Samples at each step. */
    private static String lookedAt(ApiClient api, String query) throws Exception {
        return api.success(api.get(RANGE, "query", query, "start", "60", "end", "120", "step", "30", "stats", "all"))
                .get("data")
                .get("stats")
                .get("samples")
                .get("totalQueryableSamplesPerStep")
                .toString();
    }

    @Test
    void tellsWhatIsWrong() throws Exception {
        try (LiveServer server = start(data)) {
            var api = new ApiClient(server.port());
            writeCounters(api);
            for (int twice = 0; twice < 2; twice++) {
                refused(
                        api,
                        api.get(QUERY, "query", "hits_total{"),
                        "invalid parameter \"query\": 1:12: parse error: ");
                refused(api, api.get(QUERY), "1:1: parse error: no expression found in input");
                refused(api, api.get(QUERY, "query", "1", "time", "noon"), "\"time\"");
                refused(api, api.get(QUERY, "query", "1", "timeout", "x"), "\"timeout\"");
                refused(api, api.get(QUERY, "query", "1", "time", "1e300"), "too far away");
                refused(api, api.get(RANGE, "query", "1", "end", "1", "step", "1"), "invalid parameter \"start\"");
                refused(api, api.get(RANGE, "query", "1", "start", "2", "end", "1", "step", "1"), "\"end\"");
                refused(api, api.get(RANGE, "query", "1", "start", "0", "end", "1", "step", "0"), "\"step\"");
                refused(api, api.get(RANGE, "query", "1", "start", "0", "end", "11001", "step", "1"), "11,000 points");
                refused(api, api.get(RANGE, "query", "x[1m]", "start", "0", "end", "1", "step", "1"), "range vector");
                api.refused(
                        api.get(QUERY, "query", "hits_total + on() hits_total", "time", "60"),
                        422,
                        "execution",
                        "execution",
                        "found duplicate series for the match group {} on the right hand-side");
                api.refused(
                        api.get(QUERY, "query", "label_replace(hits_total,'\\xff','','','')", "time", "60"),
                        422,
                        "execution",
                        "execution",
                        "invalid destination label name in label_replace(): \ufffd");
                refused(api, api.get("/api/v1/parse_query", "query", "a{b=~'(\\xff'}"), "regular expression");
                api.refused(
                        api.get(QUERY, "query", LONG, "timeout", "10ms"), 503, "timeout", "timeout", "query timed out");
                api.refused(
                        api.get(QUERY, "query", "sum_over_time(vector(1)[1y:1s])"),
                        422,
                        "execution",
                        "execution",
                        "memory");
            }
        }
    }

    /** Its health check, which server this is, and what its query editor fills itself with. */
    @Test
    void answersWhatGrafanaAsksFirst() throws Exception {
        try (LiveServer server = start(data)) {
            var api = new ApiClient(server.port());
            writeCounters(api);
            assertThat(api.postForm(QUERY, "query", "1+1", "time", "4").body())
                    .isEqualTo("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[4,\"2\"]}}");
            JsonNode build = api.success(api.get("/api/v1/status/buildinfo")).get("data");
            assertThat(build.get("version").asString()).matches("2\\.[2-9]\\d\\.\\d+");
            assertThat(build.has("features"))
                    .as("with them Grafana takes it for Mimir")
                    .isFalse();
            String[] within = {"start", "0", "end", "600", "limit", "40000"};
            assertThat(api.data("/api/v1/label/__name__/values", within)).isEqualTo("[\"hits_total\"]");
            assertThat(api.success(api.postForm("/api/v1/labels", within)).get("data"))
                    .hasToString("[\"__name__\",\"host\"]");
            assertThat(api.success(api.postForm("/api/v1/series", "match[]", "{host=\"a\"}"))
                            .get("data"))
                    .hasToString("[{\"__name__\":\"hits_total\",\"host\":\"a\"}]");
            assertThat(api.data("/api/v1/metadata", "metric", "hits_total")).contains("\"type\":\"counter\"");
            String exemplars = "/api/v1/query_exemplars";
            assertThat(api.success(api.postForm(exemplars, "query", "rate(hits_total[1m])", "start", "0", "end", "1"))
                            .get("data"))
                    .hasToString("[]");
            refused(api, api.get(exemplars, "query", "rate("), "parse error");
            refused(api, api.get(exemplars, "query", "x", "start", "2", "end", "1"), "\"end\"");
        }
    }

    private static void refused(ApiClient api, HttpResponse<String> answer, String message) {
        api.refused(answer, 400, "bad_data", "invalid_parameter", message);
    }

    @Test
    void writesQueriesAndTheirTrees() throws Exception {
        try (LiveServer server = start(data)) {
            var api = new ApiClient(server.port());
            assertThat(api.data("/api/v1/format_query", "query", "sum(x)by(a)")).isEqualTo("\"sum by (a) (x)\"");
            assertThat(api.data("/api/v1/parse_query", "query", "-rate(x{a=\"b\"}[5m] offset 1m) / 2"))
                    .isEqualTo("{\"type\":\"binaryExpr\",\"op\":\"/\",\"lhs\":{\"type\":\"unaryExpr\",\"op\":\"-\","
                            + "\"expr\":{\"type\":\"call\",\"func\":{\"name\":\"rate\",\"argTypes\":[\"matrix\"],"
                            + "\"variadic\":0,\"returnType\":\"vector\"},\"args\":[{\"type\":\"matrixSelector\","
                            + "\"range\":300000,\"name\":\"x\",\"matchers\":[{\"name\":\"a\",\"type\":\"=\","
                            + "\"value\":\"b\"},{\"name\":\"__name__\",\"type\":\"=\",\"value\":\"x\"}],"
                            + "\"offset\":60000,\"timestamp\":null,\"startOrEnd\":null}]}},\"rhs\":{\"type\":"
                            + "\"numberLiteral\",\"val\":\"2\"},\"matching\":null,\"bool\":false}");
            refused(api, api.postForm("/api/v1/parse_query", "query", "foo bar"), "1:5: parse error");
        }
    }

    /** One query at a time: the next is answered only when the one before has ended. */
    @Test
    void endsTheQueryOfAClientThatLeaves() throws Exception {
        try (LiveServer server = start(data, "query.max-concurrent=1", "query.timeout=1d")) {
            var api = new ApiClient(server.port());
            for (int i = 0; i < 3; i++) {
                try (RawClient client = server.connect()) {
                    client.send(Requests.get(QUERY + "?" + ApiClient.parameters("query", LONG)));
                }
            }
            assertThat(api.data(QUERY, "query", "1", "time", "0")).contains("[0,\"1\"]");
        }
    }

    /** A vector's times have three digits, those of scalars and texts as many as they need. */
    @Test
    void writesTheTimesOfScalarsAsTheReferenceDoes() throws Exception {
        try (LiveServer server = start(data)) {
            var api = new ApiClient(server.port());
            assertThat(api.get(QUERY, "query", "1", "time", "1.01").body()).contains("[1.01,\"1\"]");
            assertThat(api.get(QUERY, "query", "'a'", "time", "-1.1").body()).contains("[-1.1,\"a\"]");
        }
    }

    @Test
    void takesItsParametersForRangesToo() throws Exception {
        try (LiveServer server = start(data)) {
            var api = new ApiClient(server.port());
            writeCounters(api);
            String[] gap = {"query", "count(hits_total)", "start", "900", "end", "900", "step", "1"};
            assertThat(api.data(RANGE, gap)).contains("\"result\":[]");
            assertThat(api.data(RANGE, with(gap, "lookback_delta", "601"))).contains("[900,\"2\"]");
            assertThat(api.data(RANGE, with(gap, "lookback_delta", "10m1s"))).contains("[900,\"2\"]");
            assertThat(api.data(RANGE, with(gap, "lookback_delta", "0"))).contains("\"result\":[]");
            refused(api, api.get(RANGE, with(gap, "lookback_delta", "-1s")), "\"lookback_delta\"");
            String[] slow = {"query", LONG, "start", "0", "end", "1", "step", "1", "timeout", "10ms"};
            api.refused(api.postForm(RANGE, slow), 503, "timeout", "timeout", "query timed out");
            for (String query : List.of("hits_total", "hits_total[1m]", "sum by (host) (hits_total)")) {
                String[] cut = {"query", query, "time", "60", "limit", "1"};
                JsonNode answer = api.success(api.get(QUERY, cut));
                assertThat(answer.get("data").get("result")).hasSize(1);
                assertThat(answer.get("warnings")).hasToString("[\"results truncated due to limit\"]");
                assertThat(api.success(api.get(QUERY, "query", query, "time", "60", "limit", "2"))
                                .has("warnings"))
                        .isFalse();
            }
            refused(api, api.get(RANGE, with(gap, "limit", "-1")), "\"limit\"");
        }
    }

    private static String[] with(String[] parameters, String... more) {
        String[] all = Arrays.copyOf(parameters, parameters.length + more.length);
        System.arraycopy(more, 0, all, parameters.length, more.length);
        return all;
    }

    @Test
    void writesNumbersAsTheReferenceDoes() throws Exception {
        Path cases = ConformanceFiles.find("http-api/number_format_cases.json");
        try (LiveServer server = start(data)) {
            var api = new ApiClient(server.port());
            for (JsonNode one : new JsonMapper().readTree(Files.readString(cases))) {
                String value = one.get("value")
                        .asString()
                        .replace("math.NaN()", "NaN")
                        .replace("math.Inf(1)", "Inf")
                        .replace("math.Inf(-1)", "-Inf");
                long millis = one.get("t_ms").asLong();
                String time = BigDecimal.valueOf(millis, 3).toPlainString();
                if (Math.abs(millis) > 1L << 53) {
                    continue; // A time in seconds, as a number, is not exact any more.
                }
                String wanted = one.get("json").asString().replace("{\"status\":\"success\",\"data\":", "");
                assertThat(api.get(QUERY, "query", "vector(" + value + ")", "time", time)
                                .body())
                        .isEqualTo("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":"
                                + "[{\"metric\":{},\"value\":" + wanted.replaceFirst("}$", "") + "}]}}");
            }
        }
    }
}
