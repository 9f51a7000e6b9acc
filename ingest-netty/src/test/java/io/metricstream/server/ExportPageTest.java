package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples taken out over HTTP, of the whole server. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ExportPageTest {
    private static final String EXPORT = "/api/v1/export";

    @TempDir
    private Path data;

    @Test
    void givesSamplesAsLines() throws Exception {
        try (LiveServer server = LiveServer.start(data, "retention.time=infinite")) {
            var api = new ApiClient(server.port());
            api.write("""
                    {"name":"t","value":21.5,"timestamp":2000,"tags":{"room":"\\"4"}}
                    {"name":"t","value":-0.0,"timestamp":1000,"tags":{"room":"\\"4"}}
                    {"name":"t","value":1e300,"timestamp":3000,"tags":{"room":"\\"4"}}
                    {"name":"n","value":7,"timestamp":-5,"type":"counter"}
                    """);
            HttpResponse<String> all = api.postForm(EXPORT, "match[]", "{__name__=~\".+\"}");
            assertThat(all.statusCode()).isEqualTo(200);
            assertThat(all.headers().firstValue("content-type")).contains("application/stream+json; charset=utf-8");
            String counter =
                    "{\"metric\":{\"__name__\":\"n\"},\"type\":\"counter\",\"values\":[7],\"timestamps\":[-5]}\n";
            String room = "{\"metric\":{\"__name__\":\"t\",\"room\":\"\\\"4\"},\"values\":";
            assertThat(all.body()).isEqualTo(counter + room + "[-0.0,21.5,1e+300],\"timestamps\":[1000,2000,3000]}\n");
            assertThat(api.get(EXPORT, "match[]", "t", "start", "2", "max_rows_per_line", "1")
                            .body())
                    .isEqualTo(room + "[21.5],\"timestamps\":[2000]}\n" + room + "[1e+300],\"timestamps\":[3000]}\n");
            assertThat(api.get(EXPORT, "match[]", "nothing").body()).isEmpty();
        }
    }

    @Test
    void refusesWhatIsNoQuestion() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            for (int twice = 0; twice < 2; twice++) {
                refused(api, api.get(EXPORT), "match[]");
                refused(api, api.get(EXPORT, "match[]", "{}"), "match[]");
                refused(api, api.get(EXPORT, "match[]", "a", "end", "never"), "\"end\"");
                refused(api, api.get(EXPORT, "match[]", "a", "max_rows_per_line", "0"), "\"max_rows_per_line\"");
            }
        }
    }

    private static void refused(ApiClient api, HttpResponse<String> answer, String message) {
        api.refused(answer, 400, "bad_data", "invalid_parameter", message);
    }

    /** More of them than may export at once, and far more than the buffers of the system take. */
    @ParameterizedTest
    @ValueSource(strings = {"http.idle-timeout=500ms", "http.answer-timeout=3s"})
    void disconnectsReadersThatDoNotRead(String limit) throws Exception {
        List<RawClient> slow = new ArrayList<>();
        try (LiveServer server = LiveServer.start(data, limit)) {
            var api = new ApiClient(server.port());
            writeMuch(api);
            for (int i = 0; i < 6; i++) {
                RawClient client = RawClient.connect(server.port(), 4096);
                slow.add(client.send(Requests.get(EXPORT + "?match%5B%5D=big")));
            }
            assertThat(api.data("/api/v1/label/__name__/values"))
                    .as("other questions")
                    .isEqualTo("[\"big\"]");
            HttpResponse<String> answer = api.get(EXPORT, "match[]", "big");
            while (answer.statusCode() == 503) {
                LockSupport.parkNanos(50_000_000L);
                answer = api.get(EXPORT, "match[]", "big");
            }
            assertThat(answer.body().lines()).hasSize(20_000);
        } finally {
            for (RawClient client : slow) {
                client.close();
            }
        }
    }

    private static void writeMuch(ApiClient api) throws Exception {
        String text = "x".repeat(1000);
        for (int request = 0; request < 4; request++) {
            var lines = new StringBuilder();
            for (int i = 0; i < 5000; i++) {
                lines.append("{\"name\":\"big\",\"value\":1,\"tags\":{\"a\":\"").append(text);
                lines.append(request * 5000 + i).append("\"}}\n");
            }
            api.write(lines.toString());
        }
    }
}
