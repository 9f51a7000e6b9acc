package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.HttpAnswer;
import io.metricstream.http.Requests;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Questions over HTTP that meet a part which was damaged while the server ran. */
final class DamagedPartTest {
    private static final String SERIES = "/api/v1/series";

    @TempDir
    private Path data;

    /** Writes something that becomes a part, and damages all of its pages. */
    private Path damagedPart(ApiClient api) throws Exception {
        api.write("{\"name\":\"up\",\"value\":1,\"tags\":{\"host\":\"h1\"}}");
        assertThat(api.postForm("/api/v1/admin/tsdb/snapshot").statusCode()).isEqualTo(200);
        api.write("{\"name\":\"up\",\"value\":2,\"tags\":{\"host\":\"h2\"}}");
        Path part = onlyFile(data.resolve("parts"));
        byte[] bytes = Files.readAllBytes(part);
        for (int i = 16; i < bytes.length; i++) {
            bytes[i] ^= 1;
        }
        Files.write(part, bytes);
        return part;
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    private static void awaitAnswer(ApiClient api) throws Exception {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (api.get(SERIES, "match[]", "up").statusCode() != 200) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(5_000_000L);
        }
    }

    @Test
    void failAndAreAnsweredOnceThePartIsSetAside() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            Path part = damagedPart(api);
            HttpResponse<String> failed = api.get(SERIES, "match[]", "up");
            api.refused(
                    failed,
                    500,
                    "internal",
                    "storage_failed",
                    part.getFileName().toString());
            awaitAnswer(api);
            assertThat(api.data(SERIES, "match[]", "up")).contains("h2");
            assertThat(onlyFile(data.resolve("quarantine")).toString())
                    .endsWith(part.getFileName().toString());
            api.write("{\"name\":\"up\",\"value\":3,\"tags\":{\"host\":\"h3\"}}");
        }
        try (LiveServer server = LiveServer.start(data)) {
            assertThat(new ApiClient(server.port()).data(SERIES, "match[]", "up"))
                    .contains("h2", "h3");
        }
    }

    @Test
    void areAnsweredWithAWarningWhereThatIsWanted() throws Exception {
        try (LiveServer server = LiveServer.start(data, "query.skip-damaged=true")) {
            var api = new ApiClient(server.port());
            Path part = damagedPart(api);
            JsonNode answer = api.success(api.get(SERIES, "match[]", "up"));
            assertThat(answer.get("data").toString()).contains("h2");
            assertThat(answer.get("warnings").toString())
                    .contains("damaged file", part.getFileName().toString());
            HttpAnswer statistics = server.ask(Requests.get("/metrics", "Accept: text/plain"));
            assertThat(statistics.text()).contains("metricstream_store_skipped_total 1.0");
        }
    }
}
