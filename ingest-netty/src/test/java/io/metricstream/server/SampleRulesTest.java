package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.HttpAnswer;
import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a sample may be, as a client of the whole server sees it, and what is stored in the end. */
final class SampleRulesTest {
    @TempDir
    private Path data;

    /** One metric of a request, with the field that is wrong, or "" where none is. */
    private record Metric(String field, String json) {}

    private static Metric good(String json) {
        return new Metric("", json);
    }

    private static String utf8(String text) {
        return Requests.latin1(text.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpAnswer post(RawClient client, String body, String... headers) throws Exception {
        return client.send(Requests.post(utf8(body), headers)).answer();
    }

    private static String tags(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"k" + i + "\":\"v\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static List<Metric> metrics() {
        long now = System.currentTimeMillis();
        Duration day = Duration.ofDays(1);
        return List.of(
                good("{\"name\":\"a\",\"value\":1}"),
                good("{\"name\":\"" + "é".repeat(255) + "\",\"value\":1}"),
                new Metric("name", "{\"name\":\"" + "é".repeat(256) + "\",\"value\":1}"),
                new Metric("name", "{\"name\":\"\",\"value\":1}"),
                new Metric("name", "{\"value\":1}"),
                new Metric("name", "{\"name\":5,\"value\":1}"),
                new Metric("value", "{\"name\":\"a\"}"),
                new Metric("value", "{\"name\":\"a\",\"value\":\"1\"}"),
                new Metric("value", "{\"name\":\"a\",\"value\":null}"),
                new Metric("value", "{\"name\":\"a\",\"value\":1e400}"),
                new Metric("value", "{\"name\":\"a\",\"value\":-1e400}"),
                good("{\"name\":\"a\",\"value\":1.7976931348623157e308}"),
                good("{\"name\":\"a\",\"value\":-0.0}"),
                good("{\"name\":\"a\",\"value\":1,\"type\":\"counter\"}"),
                good("{\"name\":\"a\",\"value\":1,\"type\":\"histogram\"}"),
                good("{\"name\":\"a\",\"value\":1,\"type\":\"summary\"}"),
                new Metric("type", "{\"name\":\"a\",\"value\":1,\"type\":\"Gauge\"}"),
                good("{\"name\":\"a\",\"value\":1,\"tags\":" + tags(64) + "}"),
                new Metric("tags", "{\"name\":\"a\",\"value\":1,\"tags\":" + tags(65) + "}"),
                good("{\"name\":\"a\",\"value\":1,\"tags\":{\"" + "k".repeat(255) + "\":\"v\"}}"),
                new Metric(
                        "tags." + "k".repeat(80) + "...",
                        "{\"name\":\"a\",\"value\":1,\"tags\":{\"" + "k".repeat(256) + "\":\"v\"}}"),
                good("{\"name\":\"a\",\"value\":1,\"tags\":{\"k\":\"" + "v".repeat(4096) + "\"}}"),
                new Metric("tags.k", "{\"name\":\"a\",\"value\":1,\"tags\":{\"k\":\"" + "v".repeat(4097) + "\"}}"),
                new Metric("tags.k", "{\"name\":\"a\",\"value\":1,\"tags\":{\"k\":1}}"),
                good("{\"name\":\"a\",\"value\":1,\"timestamp\":" + now + "}"),
                good("{\"name\":\"a\",\"value\":1,\"timestamp\":\"" + Instant.ofEpochMilli(now) + "\"}"),
                good("{\"name\":\"a\",\"value\":1,\"timestamp\":" + (now + 590_000) + "}"),
                new Metric("timestamp", "{\"name\":\"a\",\"value\":1,\"timestamp\":" + (now + 660_000) + "}"),
                good("{\"name\":\"a\",\"value\":1,\"timestamp\":" + (now - day.toMillis() * 30 + 60_000) + "}"),
                new Metric(
                        "timestamp",
                        "{\"name\":\"a\",\"value\":1,\"timestamp\":" + (now - day.toMillis() * 30 - 1) + "}"),
                new Metric("timestamp", "{\"name\":\"a\",\"value\":1,\"timestamp\":\"yesterday\"}"),
                new Metric("timestamp", "{\"name\":\"a\",\"value\":1,\"timestamp\":1.5}"),
                new Metric("", "[]"));
    }

    private static boolean isGood(Metric metric) {
        return metric.field().isEmpty() && metric.json().startsWith("{");
    }

    @Test
    void judgesEachMetricAloneAndAmongOthers() throws Exception {
        List<Metric> metrics = metrics();
        try (LiveServer server = LiveServer.start(data);
                RawClient client = server.connect()) {
            for (Metric metric : metrics) {
                HttpAnswer answer = post(client, "{\"metrics\":[" + metric.json() + "]}");
                assertThat(answer.status()).as("%s: %s", metric, answer).isEqualTo(isGood(metric) ? 200 : 400);
                if (!isGood(metric)) {
                    assertRejects(answer, List.of(metric));
                }
            }
            assertRejects(post(client, array(metrics)), metrics);
            assertRejects(post(client, lines(metrics), "Content-Type: application/x-ndjson"), metrics);
            long good = metrics.stream().filter(SampleRulesTest::isGood).count();
            assertThat(StoredSamples.of(data)).hasSize(3 * (int) good);
        }
    }

    private static String array(List<Metric> metrics) {
        return metrics.stream().map(Metric::json).collect(Collectors.joining(",\n", "{\"metrics\":[", "]}"));
    }

    private static String lines(List<Metric> metrics) {
        return metrics.stream().map(Metric::json).collect(Collectors.joining("\r\n"));
    }

    /** The good ones are stored, and of each bad one is said where and why. */
    private static void assertRejects(HttpAnswer answer, List<Metric> metrics) {
        int good = (int) metrics.stream().filter(SampleRulesTest::isGood).count();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid_samples");
        JsonNode json = answer.json();
        assertThat(json.get("accepted").asInt()).isEqualTo(good);
        assertThat(json.get("rejected").asInt()).isEqualTo(metrics.size() - good);
        int error = 0;
        for (int i = 0; i < metrics.size(); i++) {
            if (!isGood(metrics.get(i))) {
                JsonNode found = json.get("errors").get(error++);
                assertThat(found.get("index").asInt()).as("%s", found).isEqualTo(i);
                assertThat(found.get("field").asString())
                        .as("%s", found)
                        .isEqualTo(metrics.get(i).field());
                assertThat(found.get("reason").asString()).as("%s", found).isNotBlank();
            }
        }
        assertThat(json.get("errors").size()).isEqualTo(error);
    }

    @Test
    void storesWhatWasSent() throws Exception {
        long at = System.currentTimeMillis() - 60_000;
        try (LiveServer server = LiveServer.start(data);
                RawClient client = server.connect()) {
            String metric = "{\"name\":\"cpu_usage\",\"value\":75.5,\"type\":\"counter\",\"unknown\":[{}],"
                    + "\"tags\":{\"host\":\"sérver1\",\"az\":\"b\"},\"timestamp\":" + at + "}";
            assertThat(post(client, "{\"metrics\":[" + metric + "]}").status()).isEqualTo(200);
            assertThat(client.send(Requests.postTo("/api/v1/metrics", utf8("{\"metrics\":[" + metric + "]}")))
                            .answer()
                            .status())
                    .isEqualTo(200);
            assertThat(post(client, metric, "Content-Type: application/x-ndjson; charset=UTF-8")
                            .status())
                    .isEqualTo(200);
            long before = System.currentTimeMillis();
            assertThat(post(client, "{\"metrics\":[{\"name\":\"now\",\"value\":1}]}")
                            .status())
                    .isEqualTo(200);
            long after = System.currentTimeMillis();
            List<String> stored = StoredSamples.of(data);
            assertThat(stored.subList(0, 3)).containsOnly("cpu_usage{az=b, host=sérver1} counter 75.5@" + at);
            assertThat(Long.parseLong(stored.get(3).substring("now{} gauge 1.0@".length())))
                    .isBetween(before, after);
        }
    }

    @Test
    void storesAllOrNothingWhereAsked() throws Exception {
        String mixed = "{\"metrics\":[{\"name\":\"a\",\"value\":1},{\"name\":\"b\"},{\"name\":\"c\",\"value\":3}]}";
        try (LiveServer server = LiveServer.start(data);
                RawClient client = server.connect()) {
            HttpAnswer answer = client.send(Requests.postTo("/metrics?partial=false", mixed))
                    .answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().get("accepted").asInt()).isZero();
            assertThat(answer.json().get("rejected").asInt()).isEqualTo(3);
            assertThat(answer.json().get("errors").size()).isEqualTo(1);
            assertThat(StoredSamples.of(data)).isEmpty();
            assertThat(client.send(Requests.postTo("/metrics?partial=false", Requests.metrics(3)))
                            .answer()
                            .status())
                    .isEqualTo(200);
            assertThat(client.send(Requests.postTo("/metrics?partial=true", mixed))
                            .answer()
                            .status())
                    .isEqualTo(400);
            JsonNode stats = server.checkConservation();
            assertThat(stats.get("metrics_received").asInt()).isEqualTo(9);
            assertThat(stats.get("metrics_withheld").asInt()).isEqualTo(2);
            assertThat(StoredSamples.of(data)).hasSize(5);
        }
    }

    @Test
    void countsSeriesThatHaveNoRoom() throws Exception {
        String two = "{\"metrics\":[{\"name\":\"a\",\"value\":1},{\"name\":\"b\",\"value\":2}]}";
        String mixed = "{\"metrics\":[{\"name\":\"x\",\"value\":0},{\"name\":\"a\",\"value\":3},{\"name\":1},"
                + "{\"name\":\"y\",\"value\":4}]}";
        try (LiveServer server = LiveServer.start(data, "limits.series=2");
                RawClient client = server.connect()) {
            assertThat(post(client, two).status()).isEqualTo(200);
            HttpAnswer answer = post(client, mixed);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().get("accepted").asInt()).isEqualTo(1);
            assertThat(answer.json().get("rejected").asInt()).isEqualTo(3);
            assertThat(answer.json().get("errors").findValuesAsString("index"))
                    .containsExactlyInAnyOrder("0", "2", "3");
            answer = client.send(Requests.postTo("/metrics?partial=false", two.replace("\"a\"", "\"z\"")))
                    .answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().get("accepted").asInt()).isZero();
            JsonNode stats = server.checkConservation();
            assertThat(stats.get("metrics_rejected").get("series_limit").asInt())
                    .isEqualTo(3);
            assertThat(stats.get("metrics_withheld").asInt()).isEqualTo(1);
            assertThat(StoredSamples.of(data)).hasSize(3);
        }
    }

    @Test
    void takesSoManyMetricsAndNoMore() throws Exception {
        try (LiveServer server = LiveServer.start(data);
                RawClient client = server.connect()) {
            assertThat(post(client, Requests.metrics(10_000))
                            .json()
                            .get("metrics_processed")
                            .asInt())
                    .isEqualTo(10_000);
            HttpAnswer answer = post(client, Requests.metrics(10_001));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("invalid_request");
            assertThat(answer.text()).contains("limits.metrics-per-request");
            assertThat(answer.json().has("line")).as("no one place is to blame").isFalse();
            answer =
                    post(client, "{\"name\":\"a\",\"value\":1}\n".repeat(10_001), "Content-Type: application/x-ndjson");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(StoredSamples.of(data)).hasSize(10_000);
        }
    }

    @Test
    void tellsTheFirstHundredErrors() throws Exception {
        try (LiveServer server = LiveServer.start(data);
                RawClient client = server.connect()) {
            HttpAnswer answer = post(client, "{\"metrics\":[" + "{},".repeat(249) + "{}]}");
            assertThat(answer.json().get("rejected").asInt()).isEqualTo(250);
            assertThat(answer.json().get("errors").size()).isEqualTo(100);
            assertThat(answer.json().get("errors").get(99).get("index").asInt()).isEqualTo(99);
        }
    }

    @Test
    void saysWhereABodyIsNoJson() throws Exception {
        try (LiveServer server = LiveServer.start(data);
                RawClient client = server.connect()) {
            HttpAnswer answer = post(client, "{\"metrics\":[\n  {\"name\":\"a\",\"value\":1},\n  {\"name\":oops}\n]}");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("invalid_json");
            assertThat(answer.json().get("line").asInt()).isEqualTo(3);
            assertThat(answer.json().get("column").asInt()).isBetween(11, 15);
            for (String body : List.of(
                    "",
                    " ",
                    "{",
                    "[]",
                    "7",
                    "null",
                    "{}",
                    "{\"metrics\":{}}",
                    "{\"metrics\":null}",
                    "{\"metrics\":[]} x",
                    "{\"metrics\":[NaN]}",
                    "{\"metrics\":[{\"name\":\"a\",\"value\":NaN}]}",
                    "\ufeff{\"metrics\":[]}")) {
                answer = post(client, body);
                assertThat(answer.status()).as(body).isEqualTo(400);
                assertThat(answer.code()).as(body).isIn("invalid_json", "invalid_request");
            }
            answer = post(
                    client,
                    "{\"name\":\"a\",\"value\":1}\n{oops}\n{\"name\":\"b\",\"value\":2}",
                    "Content-Type: application/x-ndjson");
            assertThat(answer.json().get("accepted").asInt()).isEqualTo(2);
            assertThat(answer.json().get("errors").get(0).get("index").asInt()).isEqualTo(1);
            assertThat(answer.json().get("errors").get(0).get("reason").asString())
                    .contains("line 2, column 2");
            assertThat(StoredSamples.of(data)).hasSize(2);
        }
    }

    @Test
    void takesEmptyRequests() throws Exception {
        try (LiveServer server = LiveServer.start(data);
                RawClient client = server.connect()) {
            assertThat(post(client, "{\"metrics\":[]}").text()).isEqualTo("{\"success\":true,\"metrics_processed\":0}");
            assertThat(post(client, "\n \n", "Content-Type: application/x-ndjson")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void takesAnyTimeWhereNothingIsForgotten() throws Exception {
        List<String> times = List.of(
                "0",
                "1",
                "-1",
                "-62135596800000",
                "\"1970-01-01T00:00:00Z\"",
                "\"1969-12-31T23:59:59.999Z\"",
                "\"0001-01-01T00:00:00Z\"",
                String.valueOf(Long.MIN_VALUE));
        try (LiveServer server = LiveServer.start(data, "retention.time=infinite");
                RawClient client = server.connect()) {
            for (String time : times) {
                HttpAnswer answer =
                        post(client, "{\"metrics\":[{\"name\":\"a\",\"value\":1,\"timestamp\":" + time + "}]}");
                assertThat(answer.status()).as("%s: %s", time, answer).isEqualTo(200);
            }
            HttpAnswer ahead = post(client, "{\"metrics\":[{\"name\":\"a\",\"value\":1,\"timestamp\":9000000000000}]}");
            assertThat(ahead.status()).isEqualTo(400);
            assertThat(StoredSamples.of(data))
                    .extracting(sample -> Long.parseLong(sample.substring(sample.indexOf('@') + 1)))
                    .containsExactly(0L, 1L, -1L, -62_135_596_800_000L, 0L, -1L, -62_135_596_800_000L, Long.MIN_VALUE);
        }
    }
}
