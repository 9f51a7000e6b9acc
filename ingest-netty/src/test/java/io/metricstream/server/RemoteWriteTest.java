package io.metricstream.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.RemoteWrites;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Samples that come by Prometheus remote write, of the whole server. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RemoteWriteTest {
    private static final String WRITE = "/api/v1/write";
    private static final String[] HEADERS = {"Content-Type", "application/x-protobuf", "Content-Encoding", "snappy"};
    private static final byte[] UP = RemoteWrites.message(1, 1000, "__name__", "up", "job", "a");

    @TempDir
    private Path data;

    private static HttpResponse<String> write(ApiClient api, byte[]... messages) throws Exception {
        return api.post(WRITE, RemoteWrites.snappy(RemoteWrites.join(messages)), HEADERS);
    }

    private static String export(ApiClient api) throws Exception {
        return api.postForm("/api/v1/export", "match[]", "{__name__=~\".+\"}").body();
    }

    @Test
    void storesSamplesInAnyOrderBitByBit() throws Exception {
        double stale = Double.longBitsToDouble(0x7ff0000000000002L);
        double odd = Double.longBitsToDouble(0x7ff8000000000abcL);
        try (LiveServer server = LiveServer.start(data, "retention.time=infinite")) {
            var api = new ApiClient(server.port());
            HttpResponse<String> answer = write(
                    api,
                    RemoteWrites.message(stale, 5000, "job", "a", "__name__", "up"),
                    RemoteWrites.message(odd, -7, "__name__", "up", "job", "a"),
                    RemoteWrites.message(Double.NEGATIVE_INFINITY, 3000, "__name__", "up", "job", "a"),
                    UP);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
            assertThat(answer.body()).isEmpty();
            assertThat(api.post("/api/v1/push", RemoteWrites.snappy(UP)).statusCode())
                    .as("again, where others have it")
                    .isEqualTo(204);
            assertThat(export(api))
                    .isEqualTo("{\"metric\":{\"__name__\":\"up\",\"job\":\"a\"},"
                            + "\"values\":[\"NaN(0x7ff8000000000abc)\",1,\"-Infinity\",null],"
                            + "\"timestamps\":[-7,1000,3000,5000]}\n");
        }
    }

    @Test
    void storesGoodSamplesWhenOthersAreRefused() throws Exception {
        try (LiveServer server = LiveServer.start(data, "limits.series-per-metric=1")) {
            var api = new ApiClient(server.port());
            long now = System.currentTimeMillis();
            HttpResponse<String> answer = write(
                    api,
                    RemoteWrites.message(1, now, "__name__", "up"),
                    RemoteWrites.message(2, 1000, "__name__", "up"),
                    RemoteWrites.message(3, now, "job", "a"),
                    RemoteWrites.message(4, now, "__name__", "up", "job", "too many"));
            assertThat(answer.statusCode()).isEqualTo(400);
            JsonNode json = new JsonMapper().readTree(answer.body());
            assertThat(json.get("accepted").asInt()).isEqualTo(1);
            assertThat(json.get("rejected").asInt()).isEqualTo(3);
            JsonNode errors = json.get("errors");
            assertThat(errors.findValuesAsString("index")).containsExactly("1", "2", "3");
            assertThat(errors.findValuesAsString("field")).containsExactly("timestamp", "labels.__name__", "name");
            assertThat(errors.get(2).get("reason").asString()).contains("limits.series-per-metric");
            assertThat(export(api)).contains("\"values\":[1]").hasLineCount(1);
        }
    }

    @Test
    void tellsPrometheusToWaitRatherThanToDrop() throws Exception {
        try (LiveServer server = LiveServer.start(data, "retention.time=infinite", "rate-limit.samples=1")) {
            var api = new ApiClient(server.port());
            assertThat(write(api, UP).statusCode()).isEqualTo(204);
            HttpResponse<String> answer = write(api, UP);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
            assertThat(answer.body()).contains("rate_limited");
        }
    }

    @Test
    void judgesHeadersAsTheReferenceDoes() throws Exception {
        JsonNode cases =
                new JsonMapper().readTree(Files.readString(ConformanceFiles.find("remote-write/header_cases.json")));
        try (LiveServer server = LiveServer.start(data, "retention.time=infinite")) {
            var api = new ApiClient(server.port());
            for (JsonNode one : cases.get("v1")) {
                List<String> headers = new ArrayList<>();
                one.get("headers").properties().forEach(header -> {
                    headers.add(header.getKey());
                    headers.add(header.getValue().asString());
                });
                HttpResponse<String> answer = api.post(WRITE, RemoteWrites.snappy(UP), headers.toArray(String[]::new));
                assertThat(answer.statusCode())
                        .as("%s: %s", one.get("name"), answer.body())
                        .isEqualTo(one.get("code").asInt());
            }
            HttpResponse<String> second = api.post(
                    WRITE,
                    RemoteWrites.snappy(UP),
                    "Content-Type",
                    "application/x-protobuf;proto=io.prometheus.write.v2.Request",
                    "Content-Encoding",
                    "snappy");
            assertThat(second.statusCode()).isEqualTo(415);
            assertThat(second.body()).contains("remote write 1.0; 2.0 is not spoken here");
            HttpResponse<String> named = api.post(
                    WRITE,
                    RemoteWrites.snappy(UP),
                    "Content-Type",
                    "application/x-protobuf; proto=prometheus.WriteRequest");
            assertThat(named.statusCode()).isEqualTo(204);
            HttpResponse<String> zstd = api.post(WRITE, RemoteWrites.snappy(UP), "Content-Encoding", "zstd");
            assertThat(zstd.headers().firstValue("accept-encoding")).hasValue("snappy");
            assertThat(api.post(WRITE + "?extra_label=a=b", RemoteWrites.snappy(UP))
                            .body())
                    .contains("extra_label", "invalid_parameter");
            assertThat(api.get(WRITE).statusCode()).isEqualTo(405);
        }
    }

    @Test
    void refusesCorruptBodies() throws Exception {
        try (LiveServer server = LiveServer.start(data, "http.max-body=1MiB", "http.body-memory=1MiB")) {
            var api = new ApiClient(server.port());
            for (int i = 1; i <= 3; i++) {
                byte[] corrupt = Files.readAllBytes(ConformanceFiles.find("remote-write/baddata" + i + ".snappy"));
                refuses(api, 400, corrupt, "invalid_encoding");
            }
            refuses(api, 400, new byte[0], "invalid_encoding");
            refuses(api, 400, new byte[] {-1, -1, -1, -1, 15, 0, 0}, "which 7 bytes cannot hold");
            refuses(api, 400, RemoteWrites.snappy("{\"metrics\":[]}".getBytes(UTF_8)), "invalid_request");
            byte[] large = new byte[(1 << 20) + 1];
            Arrays.fill(large, (byte) 'a');
            refuses(api, 413, RemoteWrites.snappy(large), "body_too_large");
            assertThat(export(api)).isEmpty();
        }
    }

    private static void refuses(ApiClient api, int status, byte[] body, String text) throws Exception {
        HttpResponse<String> answer = api.post(WRITE, body, HEADERS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(text);
    }
}
