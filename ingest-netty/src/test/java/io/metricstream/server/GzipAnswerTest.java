package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which answers are compressed, of the whole server. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
final class GzipAnswerTest {
    private static final String SHORT = "/api/v1/query?query=1";
    /** Some kilobytes, which are answered whole. */
    private static final String LONG = "/api/v1/query_range?query=time()&start=0&end=200&step=1";
    /** Some hundred kilobytes, of random digits, which come in pieces even when they are compressed. */
    private static final String LONGEST = "/api/v1/query_range?query=exp(sin(vector(time())))&start=0&end=10999&step=1";

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path data;

    private HttpResponse<byte[]> get(LiveServer server, String path, String accepted) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .headers("Accept-Encoding", accepted, "Accept", "text/plain")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String encoding(HttpResponse<?> answer) {
        return answer.headers().firstValue("content-encoding").orElse("none");
    }

    @Test
    void compressesLongAnswersForThoseWhoTakeThem() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            for (String path : List.of(LONG, LONGEST, "/assets/uplot.js")) {
                HttpResponse<byte[]> plain = get(server, path, "br, gzip;q=0");
                assertThat(plain.statusCode()).isEqualTo(200);
                assertThat(encoding(plain)).isEqualTo("none");
                assertThat(plain.headers().firstValue("vary")).hasValue("accept-encoding");
                HttpResponse<byte[]> packed = get(server, path, "deflate, GZIP;q=0.5");
                assertThat(encoding(packed)).isEqualTo("gzip");
                assertThat(packed.body().length).isLessThan(plain.body().length);
                try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
                    assertThat(new String(unpacked.readAllBytes(), StandardCharsets.UTF_8))
                            .isEqualTo(new String(plain.body(), StandardCharsets.UTF_8));
                }
            }
            assertThat(get(server, LONGEST, "gzip").headers().firstValue("transfer-encoding"))
                    .hasValue("chunked");
        }
    }

    @Test
    void compressesStatisticsForScrapers() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            HttpResponse<byte[]> plain = get(server, "/metrics", "identity");
            assertThat(encoding(plain)).isEqualTo("none");
            HttpResponse<byte[]> packed = get(server, "/metrics", "gzip");
            assertThat(encoding(packed)).isEqualTo("gzip");
            assertThat(packed.headers().firstValue("vary")).hasValue("accept, accept-encoding");
            assertThat(packed.headers().firstValue("content-type"))
                    .isEqualTo(plain.headers().firstValue("content-type"));
            assertThat(packed.body().length).isLessThan(plain.body().length / 3);
            try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
                assertThat(new String(unpacked.readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("# HELP ")
                        .contains("metricstream_samples_stored_total 0");
            }
        }
    }

    @Test
    void leavesShortAnswersAndErrorsAsTheyAre() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            assertThat(encoding(get(server, SHORT, "gzip"))).isEqualTo("none");
            assertThat(new String(get(server, SHORT, "gzip").body(), StandardCharsets.UTF_8))
                    .startsWith("{\"status\":\"success\"");
            HttpResponse<byte[]> refused = get(server, SHORT + "(", "gzip");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(encoding(refused)).isEqualTo("none");
        }
    }
}
