package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Samples that come as lines of series, of the whole server. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ImportTest {
    private static final String IMPORT = "/api/v1/import";
    private static final String ALL = "{__name__=~\".+\"}";
    private static final String GOOD = "{\"metric\":{\"__name__\":\"a\"},\"values\":[1,2],\"timestamps\":[1000,2000]}";

    @TempDir
    private Path data;

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String export(ApiClient api) throws IOException, InterruptedException {
        HttpResponse<String> answer = api.postForm("/api/v1/export", "match[]", ALL);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    /** Any double, half of them of those that JSON has no number for. */
    private static String value(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> "null";
            case 1 -> "\"NaN\"";
            case 2 -> random.nextBoolean() ? "\"Infinity\"" : "\"-Infinity\"";
            case 3 -> "\"NaN(0x" + Long.toHexString(0x7ff8000000000000L | random.nextLong() >>> 16) + ")\"";
            case 4 -> String.valueOf(random.nextInt(1000));
            default -> {
                double any = Double.longBitsToDouble(random.nextLong());
                yield Double.isFinite(any) ? Double.toString(any) : "-0.0";
            }
        };
    }

    private static String lines(Random random, int series, int samples) {
        String[] types = {"gauge", "counter", "histogram", "summary"};
        var text = new StringBuilder();
        for (int i = 0; i < series; i++) {
            var times = new TreeSet<Long>();
            while (times.size() < samples) {
                times.add((long) random.nextInt() * 100 - 5_000_000L);
            }
            String timestamps = times.toString().replace(" ", "");
            var values = new StringBuilder();
            for (int k = 0; k < samples; k++) {
                values.append(k == 0 ? "[" : ",").append(value(random));
            }
            text.append("{\"metric\":{\"__name__\":\"m")
                    .append(i % 5)
                    .append("\",\"né\\\"")
                    .append(i)
                    .append("\":\"\\n");
            text.append(i)
                    .append("\"},\"type\":\"")
                    .append(types[i % 4])
                    .append("\",\"values\":")
                    .append(values);
            text.append("],\"timestamps\":").append(timestamps).append("}\n");
        }
        return text.toString();
    }

    @Test
    void takesBackWhatAnExportGives() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ImportTest seed " + seed);
        String lines = lines(new Random(seed), 40, 1500);
        String first;
        try (LiveServer server = LiveServer.start(data.resolve("a"), "retention.time=infinite")) {
            var api = new ApiClient(server.port());
            assertThat(api.post(IMPORT, utf8(lines)).statusCode()).isEqualTo(204);
            first = export(api);
            JsonNode stats = server.checkConservation();
            assertThat(stats.get("metrics_stored").asLong()).isEqualTo(60_000);
        }
        for (int copy = 0; copy < 2; copy++) {
            Path folder = data.resolve("copy" + copy);
            try (LiveServer server =
                    LiveServer.start(folder, "retention.time=infinite", "limits.metrics-per-request=777")) {
                var api = new ApiClient(server.port());
                assertThat(api.post(IMPORT, utf8(first)).statusCode()).isEqualTo(204);
                assertThat(export(api)).isEqualTo(first);
                assertThat(api.post(IMPORT, utf8(first)).statusCode())
                        .as("again")
                        .isEqualTo(204);
            }
            // What is in parts is the same, too.
            try (LiveServer server = LiveServer.start(folder, "retention.time=infinite")) {
                assertThat(export(new ApiClient(server.port()))).isEqualTo(first);
            }
        }
    }

    @Test
    void storesGoodLinesAndNamesBadOnes() throws Exception {
        try (LiveServer server = LiveServer.start(data, "retention.time=infinite", "limits.series-per-metric=1")) {
            var api = new ApiClient(server.port());
            String other = GOOD.replace("\"a\"", "\"a\",\"b\":\"c\"");
            HttpResponse<String> answer =
                    api.post(IMPORT, utf8(GOOD + "\n\nnonsense\n" + other + "\n{\"metric\":{}}\n" + GOOD));
            assertThat(answer.statusCode()).isEqualTo(400);
            JsonNode json = new JsonMapper().readTree(answer.body());
            assertThat(json.get("code").asString()).isEqualTo("invalid_samples");
            assertThat(json.get("accepted").asInt()).isEqualTo(4);
            assertThat(json.get("rejected").asInt()).isEqualTo(4);
            assertThat(json.get("error").asString()).isEqualTo("4 of 8 samples were rejected");
            JsonNode errors = json.get("errors");
            assertThat(errors.findValuesAsString("line")).containsExactly("3", "5", "4");
            assertThat(errors.findValuesAsString("field")).containsExactly("", "metric.__name__", "name");
            assertThat(errors.get(2).get("reason").asString()).contains("limits.series-per-metric");
            assertThat(export(api)).isEqualTo(GOOD + "\n");
            assertThat(api.success(api.get("/api/v1/status/rejects"))
                            .get("data")
                            .get(0)
                            .get("series")
                            .asString())
                    .isEqualTo("a{b=\"c\"}");
            assertThat(api.post(IMPORT, utf8("nonsense")).statusCode()).isEqualTo(400);
            assertThat(api.post(IMPORT, new byte[0]).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void takesCompressedBodiesOfAnyType() throws Exception {
        try (LiveServer server = LiveServer.start(data, "retention.time=infinite")) {
            var api = new ApiClient(server.port());
            var gzip = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(gzip)) {
                out.write(utf8(GOOD));
            }
            assertThat(api.post(IMPORT, gzip.toByteArray(), "Content-Encoding", "gzip")
                            .statusCode())
                    .isEqualTo(204);
            byte[] zstd = Zstd.compress(utf8(GOOD));
            assertThat(api.post(IMPORT, zstd, "Content-Encoding", "zstd", "Content-Type", "text/plain")
                            .statusCode())
                    .isEqualTo(204);
            assertThat(export(api)).isEqualTo(GOOD + "\n");
            assertThat(api.post(IMPORT, utf8(GOOD), "Content-Encoding", "gzip").statusCode())
                    .isEqualTo(400);
            assertThat(api.post(IMPORT, utf8(GOOD), "Content-Encoding", "br").statusCode())
                    .isEqualTo(415);
            assertThat(api.post(IMPORT + "?extra_label=a=b", utf8(GOOD)).body())
                    .contains("extra_label", "invalid_parameter");
            assertThat(api.get(IMPORT).statusCode()).isEqualTo(405);
        }
    }

    @Test
    void answersPipelinedImportsInOrder() throws Exception {
        try (LiveServer server = LiveServer.start(data, "retention.time=infinite", "limits.metrics-per-request=3")) {
            String long1 = GOOD.replace("[1,2]", "[1" + ",1".repeat(99) + "]")
                    .replace("[1000,2000]", "[1" + ",1".repeat(99) + "]");
            var requests = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                requests.append(Requests.postTo(IMPORT, long1)).append(Requests.postTo(IMPORT, "5"));
                requests.append(Requests.post(Requests.ONE));
            }
            try (RawClient client = server.connect()) {
                client.send(requests.toString());
                for (int i = 0; i < 20; i++) {
                    assertThat(client.answer().status()).isEqualTo(204);
                    assertThat(client.answer().status()).isEqualTo(400);
                    assertThat(client.answer().status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void keepsTheLimitsOfItsClient() throws Exception {
        try (LiveServer server = LiveServer.start(
                data, "retention.time=infinite", "rate-limit.samples=1000", "limits.metrics-per-request=800")) {
            var api = new ApiClient(server.port());
            String much = lines(new Random(1), 3, 500);
            HttpResponse<String> answer = api.post(IMPORT, utf8(much));
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
            JsonNode stats = server.checkConservation();
            assertThat(stats.get("metrics_stored").asLong()).isEqualTo(800);
            assertThat(stats.get("metrics_rate_limited").asLong()).isEqualTo(700);
        }
    }
}
