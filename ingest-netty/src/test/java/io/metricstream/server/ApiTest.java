package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.auth.AccessRole;
import io.metricstream.auth.KeyFile;
import io.metricstream.http.HttpAnswer;
import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What programs that know Prometheus ask about what is stored, of the whole server. */
final class ApiTest {
    private static final String SERIES = "/api/v1/series";
    private static final String LABELS = "/api/v1/labels";
    private static final String TSDB = "/api/v1/status/tsdb";
    private static final String FLEET = """
            {"name":"up","value":1,"tags":{"job":"a","host":"h1"}}
            {"name":"up","value":1,"tags":{"job":"a","host":"h2"}}
            {"name":"up","value":1,"tags":{"job":"b"}}
            {"name":"my.requests","value":3,"type":"counter","tags":{"job":"b","my tag":"\u00e4"}}
            {"name":"my.requests","value":3,"type":"gauge","tags":{"job":"b","my tag":"\u00e4"}}
            """;

    private final Instant yesterday = Instant.now().minus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    private Path data;

    @Test
    void tellsSeries() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            api.write(FLEET);
            String up =
                    "[{\"__name__\":\"up\",\"host\":\"h1\",\"job\":\"a\"},{\"__name__\":\"up\",\"host\":\"h2\",\"job\":\"a\"},"
                            + "{\"__name__\":\"up\",\"job\":\"b\"}]";
            assertThat(api.data(SERIES, "match[]", "up")).isEqualTo(up);
            assertThat(api.success(api.postForm(SERIES, "match[]", "up")).get("data"))
                    .hasToString(up);
            assertThat(api.data(SERIES, "match[]", "up{job=\"b\"}", "match[]", "{host=~\"h.\"}"))
                    .isEqualTo(up);
            assertThat(api.data(SERIES, "match[]", "{\"my.requests\"}"))
                    .isEqualTo("[{\"__name__\":\"my.requests\",\"job\":\"b\",\"my tag\":\"\u00e4\"}]");
            assertThat(api.data(SERIES, "match[]", "up", "end", "1")).isEqualTo("[]");
            assertThat(api.data(SERIES, "match[]", "nothing")).isEqualTo("[]");
            JsonNode two = api.success(api.get(SERIES, "match[]", "up", "limit", "2"));
            assertThat(two.get("data")).hasSize(2);
            assertThat(two.get("warnings")).hasToString("[\"results truncated due to limit\"]");
            assertThat(api.success(api.get(SERIES, "match[]", "up", "limit", "3"))
                            .has("warnings"))
                    .isFalse();
        }
    }

    @Test
    void tellsNamesAndValuesOfLabels() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            assertThat(api.data(LABELS)).isEqualTo("[]");
            api.write(FLEET);
            assertThat(api.data(LABELS)).isEqualTo("[\"__name__\",\"host\",\"job\",\"my tag\"]");
            assertThat(api.data(LABELS, "match[]", "up")).isEqualTo("[\"__name__\",\"host\",\"job\"]");
            assertThat(api.success(api.postForm(LABELS, "match[]", "up", "limit", "1")))
                    .hasToString("{\"status\":\"success\",\"data\":[\"__name__\"],"
                            + "\"warnings\":[\"results truncated due to limit\"]}");
            assertThat(api.data("/api/v1/label/job/values")).isEqualTo("[\"a\",\"b\"]");
            assertThat(api.data("/api/v1/label/__name__/values")).isEqualTo("[\"my.requests\",\"up\"]");
            assertThat(api.data("/api/v1/label/my%20tag/values")).isEqualTo("[\"\u00e4\"]");
            assertThat(api.data("/api/v1/label/U__my_20_tag/values")).isEqualTo("[\"\u00e4\"]");
            assertThat(api.data("/api/v1/label/job/values", "match[]", "{host!=\"\"}"))
                    .isEqualTo("[\"a\"]");
            // As Prometheus's own page and Grafana ask.
            assertThat(api.data("/api/v1/label/job/values", "match[]", "up{job=~\".+\",__name__!=\"\"}"))
                    .isEqualTo("[\"a\",\"b\"]");
            assertThat(api.data("/api/v1/label/unknown/values")).isEqualTo("[]");
            assertThat(api.success(api.postForm("/api/v1/label/job/values", "limit", "1"))
                            .get("warnings"))
                    .hasToString("[\"results truncated due to limit\"]");
            api.refused(api.get("/api/v1/label/%FF/values"), 400, "bad_data", "invalid_parameter", "\"name\"");
            assertThat(api.get("/api/v1/label//values").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void tellsTypes() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            api.write(FLEET);
            String gauge = "{\"type\":\"gauge\",\"help\":\"\",\"unit\":\"\"}";
            String both = "[" + gauge + ",{\"type\":\"counter\",\"help\":\"\",\"unit\":\"\"}]";
            assertThat(api.data("/api/v1/metadata")).isEqualTo("{\"my.requests\":" + both + ",\"up\":[" + gauge + "]}");
            assertThat(api.data("/api/v1/metadata", "metric", "up")).isEqualTo("{\"up\":[" + gauge + "]}");
            assertThat(api.data("/api/v1/metadata", "metric", "nothing")).isEqualTo("{}");
            assertThat(api.data("/api/v1/metadata", "limit", "1", "limit_per_metric", "1"))
                    .isEqualTo("{\"my.requests\":[" + gauge + "]}");
            assertThat(api.get("/api/v1/metadata", "limit", "-1").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void countsSeries() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            api.write(FLEET);
            JsonNode all = api.success(api.get(TSDB, "topN", "2")).get("data");
            assertThat(all.get("headStats"))
                    .hasToString("{\"numSeries\":4,\"numLabelPairs\":7,\"chunkCount\":0,\"minTime\":" + Long.MIN_VALUE
                            + ",\"maxTime\":" + Long.MAX_VALUE + "}");
            assertThat(all.get("seriesCountByMetricName"))
                    .hasToString("[{\"name\":\"up\",\"value\":3},{\"name\":\"my.requests\",\"value\":1}]");
            assertThat(all.get("labelValueCountByLabelName"))
                    .hasToString("[{\"name\":\"__name__\",\"value\":2},{\"name\":\"host\",\"value\":2}]");
            assertThat(all.get("seriesCountByLabelName"))
                    .hasToString("[{\"name\":\"__name__\",\"value\":4},{\"name\":\"job\",\"value\":4}]");
            assertThat(all.get("memoryInBytesByLabelName").get(0)).hasToString("{\"name\":\"__name__\",\"value\":13}");
            assertThat(api.success(api.get(TSDB, "topN", "3")).get("data").get("seriesCountByLabelValuePair"))
                    .hasToString("[{\"name\":\"__name__=up\",\"value\":3},{\"name\":\"job=a\",\"value\":2},"
                            + "{\"name\":\"job=b\",\"value\":2}]");
            JsonNode some = api.success(api.postForm(TSDB, "match[]", "{host=\"h1\"}", "topN", "10"))
                    .get("data");
            assertThat(some.get("totalSeries").asInt()).isEqualTo(1);
            assertThat(some.get("totalLabelValuePairs").asInt()).isEqualTo(3);
            assertThat(api.success(api.get(TSDB, "date", "2001-01-01"))
                            .get("data")
                            .get("totalSeries")
                            .asInt())
                    .isZero();
            api.refused(api.get(TSDB, "topN", "0"), 400, "bad_data", "invalid_parameter", "\"topN\"");
            api.refused(api.get(TSDB, "date", "yesterday"), 400, "bad_data", "invalid_parameter", "\"date\"");
        }
    }

    @Test
    void tellsWhatItIs() throws Exception {
        try (LiveServer server = LiveServer.start(data, "retention.time=7d")) {
            var api = new ApiClient(server.port());
            JsonNode build = api.success(api.get("/api/v1/status/buildinfo")).get("data");
            assertThat(build.get("version").asString()).isEqualTo("2.24.0");
            assertThat(build.has("features")).isFalse();
            JsonNode runtime =
                    api.success(api.get("/api/v1/status/runtimeinfo")).get("data");
            assertThat(runtime.get("storageRetention").asString()).isEqualTo("7d");
            JsonNode flags = api.success(api.get("/api/v1/status/flags")).get("data");
            assertThat(flags.get("retention.time").asString()).isEqualTo("7d");
            assertThat(flags.get("data.dir").asString()).isEqualTo(data.toString());
        }
    }

    @Test
    void tellsWhatWasRefused() throws Exception {
        try (LiveServer server = LiveServer.start(data, "limits.series-per-metric=1")) {
            var api = new ApiClient(server.port());
            assertThat(api.data("/api/v1/status/rejects")).isEqualTo("[]");
            api.write(FLEET.lines().findFirst().orElseThrow());
            String bad = """
                    {"name":"up","value":1,"tags":{"job":"b"}}
                    {"name":"old","value":1,"timestamp":1,"tags":{"a":"b"}}
                    {"name":"worse","value":"x"}
                    {"value":1}
                    5
                    """;
            String[] headers = {"Content-Type", "application/x-ndjson"};
            HttpResponse<String> answer = api.post("/metrics", bad.getBytes(StandardCharsets.UTF_8), headers);
            assertThat(answer.statusCode()).isEqualTo(400);
            JsonNode last = api.success(api.get("/api/v1/status/rejects")).get("data");
            assertThat(last.findValuesAsString("series"))
                    .containsExactly("up{job=\"b\"}", "", "", "worse", "old{a=\"b\"}");
            assertThat(last.findValuesAsString("reason"))
                    .containsExactly("metric_series_limit", "shape", "name", "value", "timestamp_too_old");
            assertThat(last.findValuesAsString("client")).containsOnly("127.0.0.1");
            assertThat(last.get(0).get("error").asString()).contains("limits.series-per-metric");
            assertThat(Instant.parse(last.get(0).get("time").asString())).isAfter(yesterday);
            for (int request = 0; request < 12; request++) {
                api.post("/metrics", ("{\"metrics\":[" + "5,".repeat(199) + "5]}").getBytes(StandardCharsets.UTF_8));
            }
            assertThat(api.success(api.get("/api/v1/status/rejects")).get("data"))
                    .hasSize(1000);
        }
    }

    @Test
    void refusesWhatIsNoQuestion() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            for (int twice = 0; twice < 2; twice++) {
                refused(api, api.get(SERIES), "no match[] parameter provided");
                refused(api, api.postForm(SERIES, "match[]", "{"), "\"match[]\"");
                refused(api, api.get(LABELS, "match[]", "{}"), "at least one non-empty matcher");
                refused(api, api.get(LABELS, "match[]", "a{b=~\"(\"}"), "regular expression");
                refused(api, api.get(LABELS, "start", "noon"), "\"start\"");
                refused(api, api.get(LABELS, "start", "2", "end", "1"), "\"end\"");
                refused(api, api.get(LABELS, "limit", "many"), "\"limit\"");
                refused(api, api.get(SERIES, "match[]", "up", "limit", "-1"), "\"limit\"");
            }
            assertThat(api.post(LABELS, new byte[0]).statusCode()).isEqualTo(200);
            assertThat(api.post("/api/v1/metadata", new byte[0]).statusCode()).isEqualTo(405);
            try (RawClient client = server.connect()) {
                client.send(Requests.request("HEAD", LABELS) + "\r\n");
                assertThat(client.answerToHead().status()).isEqualTo(200);
            }
        }
    }

    private static void refused(ApiClient api, HttpResponse<String> answer, String message) {
        api.refused(answer, 400, "bad_data", "invalid_parameter", message);
    }

    @Test
    void tellsNothingBeforeEverythingIsThere() throws Exception {
        try (LiveServer server = LiveServer.listen(data)) {
            var api = new ApiClient(server.port());
            api.refused(api.get(LABELS), 503, "unavailable", "recovering", "log");
            server.recover();
            assertThat(api.data(LABELS)).isEqualTo("[]");
        }
    }

    @Test
    void wantsTheRoleOfAReader() throws Exception {
        Path keys = data.resolve("keys.json");
        String read = new KeyFile(keys).add("reader", Set.of(AccessRole.READ));
        String write = new KeyFile(keys).add("writer", Set.of(AccessRole.WRITE));
        try (LiveServer server = LiveServer.start(data.resolve("data"), "auth.mode=keys", "auth.file=" + keys)
                .authorization("Bearer " + read)) {
            for (String path : List.of(LABELS, "/api/v1/status/flags", "/api/v1/metadata")) {
                assertThat(server.ask(Requests.get(path)).status()).isEqualTo(401);
                assertThat(server.ask(Requests.get(path, "Authorization: Bearer " + write))
                                .status())
                        .isEqualTo(403);
                assertThat(server.ask(Requests.get(path, "Authorization: Bearer " + read))
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    /** A long answer comes in pieces; what is asked behind it on the same connection comes behind it. */
    @Test
    void tellsAnyNumberOfSeries() throws Exception {
        int series = 20_000;
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            var lines = new StringBuilder();
            for (int i = 0; i < series; i++) {
                lines.append("{\"name\":\"many\",\"value\":1,\"tags\":{\"number\":\"")
                        .append(i)
                        .append("\"}}\n");
                if (i % 10_000 == 9_999) {
                    api.write(lines.toString());
                    lines.setLength(0);
                }
            }
            JsonNode all = api.success(api.get(SERIES, "match[]", "many")).get("data");
            assertThat(all).hasSize(series);
            assertThat(all.get(series - 1).get("number").asString()).isEqualTo("9999");
            JsonNode counts = api.success(api.get(TSDB)).get("data");
            assertThat(counts.get("labelValueCountByLabelName").get(0))
                    .hasToString("{\"name\":\"number\",\"value\":" + series + "}");
            try (RawClient client = server.connect()) {
                String question = SERIES + "?match%5B%5D=many";
                client.send(Requests.get(question) + Requests.get("/health"));
                HttpAnswer chunked = client.answer();
                assertThat(chunked.header("transfer-encoding")).isEqualTo("chunked");
                assertThat(chunked.json().get("data")).hasSize(series);
                assertThat(client.answer().text()).isEqualTo("{\"status\":\"up\"}");
                client.send("GET " + question + " HTTP/1.0\r\nHost: here\r\n\r\n");
                HttpAnswer old = client.answer();
                assertThat(old.header("transfer-encoding")).isNull();
                assertThat(old.json().get("data")).hasSize(series);
                assertThat(client.answer()).isNull();
            }
        }
    }

    @Test
    void namesTheDamagedFile() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            new ApiClient(server.port()).write(FLEET);
        }
        Path part = onlyPart();
        byte[] bytes = Files.readAllBytes(part);
        // All but the header and the table of contents, which a start reads.
        int contents =
                (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(bytes.length - 32);
        for (int i = 16; i < contents; i++) {
            bytes[i] ^= 1;
        }
        Files.write(part, bytes);
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            api.refused(api.get(SERIES, "match[]", "up"), 500, "internal", "storage_failed", part.toString());
            api.write("{\"name\":\"after\",\"value\":1,\"timestamp\":\"" + yesterday + "\"}");
            String end = yesterday.toString();
            assertThat(api.data(SERIES, "match[]", "after", "end", end)).isEqualTo("[{\"__name__\":\"after\"}]");
        }
    }

    private Path onlyPart() throws Exception {
        try (Stream<Path> files = Files.walk(data)) {
            List<Path> parts =
                    files.filter(file -> file.toString().endsWith(".part")).toList();
            assertThat(parts).hasSize(1);
            return parts.get(0);
        }
    }
}
