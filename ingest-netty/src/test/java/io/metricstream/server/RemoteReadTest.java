package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.RemoteWrites;
import io.metricstream.model.SpecialValues;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Remote read as a Prometheus asks for it, and as nobody should, of the whole server. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RemoteReadTest {
    private static final String READ = "/api/v1/read";
    private static final String[] HEADERS = {"Content-Type", "application/x-protobuf", "Content-Encoding", "snappy"};
    private static final int EQUAL = 0;
    private static final int NOT_EQUAL = 1;
    private static final int REGEX = 2;
    private static final int NOT_REGEX = 3;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path data;

    private static LiveServer start(Path data, String... settings) throws Exception {
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "retention.time=infinite";
        LiveServer server = LiveServer.start(data, all);
        var api = new ApiClient(server.port());
        byte[] samples = RemoteWrites.join(
                RemoteWrites.message(1, -5, "Zone", "z", "__name__", "up", "job", "a"),
                RemoteWrites.message(2, 0, "Zone", "z", "__name__", "up", "job", "a"),
                RemoteWrites.message(SpecialValues.STALE, 1000, "Zone", "z", "__name__", "up", "job", "a"),
                RemoteWrites.message(0, 1000, "__name__", "up", "job", "ü"),
                RemoteWrites.message(4, 1000, "__name__", "down"));
        assertThat(api.post("/api/v1/write", RemoteWrites.snappy(samples)).statusCode())
                .isEqualTo(204);
        return server;
    }

    private HttpResponse<byte[]> read(LiveServer server, byte[] body, String... headers) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + READ))
                        .headers(headers)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private List<List<String>> results(LiveServer server, byte[]... parts) throws Exception {
        HttpResponse<byte[]> answer = read(server, RemoteWrites.snappy(RemoteWrites.join(parts)), HEADERS);
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/x-protobuf");
        assertThat(answer.headers().firstValue("content-encoding")).hasValue("snappy");
        return RemoteReads.results(answer.body());
    }

    @Test
    void givesSamplesBitByBit() throws Exception {
        try (LiveServer server = start(data)) {
            byte[] up = RemoteReads.query(-5, 1000, EQUAL, "__name__", "up", REGEX, "job", "a|b");
            byte[] others = RemoteReads.query(0, 1000, NOT_EQUAL, "job", "a", NOT_REGEX, "__name__", "d.*");
            assertThat(results(server, up, others, RemoteReads.accepting(1, 0)))
                    .containsExactly(
                            List.of("{Zone=z,__name__=up,job=a} 1.0@-5 2.0@0 7ff0000000000002@1000"),
                            List.of("{__name__=up,job=ü} 0.0@1000"));
            assertThat(results(server, RemoteReads.query(-4, 999, EQUAL, "Zone", "z")))
                    .containsExactly(List.of("{Zone=z,__name__=up,job=a} 2.0@0"));
            assertThat(results(server, RemoteReads.query(1, 0), RemoteReads.query(2000, 3000)))
                    .containsExactly(List.of(), List.of());
            assertThat(results(server)).isEmpty();
        }
    }

    /** Several pieces, of which each is compressed for itself. */
    @Test
    void givesLongAnswers() throws Exception {
        try (LiveServer server = start(data)) {
            var api = new ApiClient(server.port());
            var lines = new StringBuilder();
            for (int i = 0; i < 10_000; i++) {
                lines.append("{\"name\":\"many\",\"value\":").append(i * 0.1).append(",\"timestamp\":");
                lines.append(i).append(",\"tags\":{\"n\":\"").append(i % 100).append("\"}}\n");
            }
            api.write(lines.toString());
            List<String> series = results(server, RemoteReads.query(0, 10_000, EQUAL, "__name__", "many"))
                    .get(0);
            assertThat(series).hasSize(100);
            assertThat(series.get(0))
                    .startsWith("{__name__=many,n=0} 0.0@0 10.0@100")
                    .hasSizeGreaterThan(1000);
            assertThat(series.stream()
                            .mapToInt(one -> one.split("@", -1).length - 1)
                            .sum())
                    .isEqualTo(10_000);
        }
    }

    @Test
    void refusesWhatItCannotGive() throws Exception {
        try (LiveServer server = start(data, "query.max-samples=4", "query.max-memory=1MiB")) {
            byte[] everything = RemoteReads.query(Long.MIN_VALUE, Long.MAX_VALUE);
            refuses(server, 422, RemoteWrites.snappy(everything), "query.max-samples");
            byte[] chunksOnly = RemoteWrites.join(everything, RemoteReads.accepting(1));
            refuses(server, 400, RemoteWrites.snappy(chunksOnly), "wanted SAMPLES");
            HttpResponse<byte[]> json = read(server, new byte[0], "Content-Type", "application/json");
            assertThat(json.statusCode()).isEqualTo(415);
            HttpResponse<byte[]> gzip = read(server, new byte[0], "Content-Encoding", "gzip");
            assertThat(gzip.statusCode()).isEqualTo(415);
            assertThat(gzip.headers().firstValue("accept-encoding")).hasValue("snappy");
            assertThat(new ApiClient(server.port()).get(READ).statusCode()).isEqualTo(405);
        }
    }

    @Test
    void refusesMessagesThatAreNone() throws Exception {
        try (LiveServer server = start(data)) {
            refuses(server, 400, new byte[0], "not one block of Snappy");
            refuses(server, 400, new byte[] {-1, -1, -1, -1, 15, 0, 0}, "which 7 bytes cannot hold");
            refuses(server, 413, RemoteWrites.snappy(new byte[(1 << 20) + 1]), "wanted at most 1048576");
            refuses(server, 413, new byte[(1 << 20) + 1], "the most a question may have");
            byte[] query = RemoteReads.query(0, 1, EQUAL, "job", "a");
            refuses(server, 400, RemoteWrites.snappy(Arrays.copyOf(query, query.length - 1)), "not a request");
            refuses(server, 400, RemoteWrites.snappy("{}".getBytes(StandardCharsets.UTF_8)), "not a request");
            refuses(server, 400, RemoteWrites.snappy(RemoteReads.query(0, 1, 4, "job", "a")), "matcher of type 4");
            refuses(server, 400, RemoteWrites.snappy(RemoteReads.query(0, 1, REGEX, "job", "(")), "regular expression");
            byte[] large = RemoteReads.query(0, 1, REGEX, "a", "((b{40}){40}){40}", REGEX, "b", "((b{40}){40}){40}");
            refuses(server, 400, RemoteWrites.snappy(large), "too large");
            byte[][] many = new byte[65][];
            Arrays.fill(many, query);
            refuses(server, 400, RemoteWrites.snappy(RemoteWrites.join(many)), "too many queries");
            // A length beyond the end, and one below 0.
            refuses(server, 400, RemoteWrites.snappy(new byte[] {0x0a, 100, 8}), "not a request");
            refuses(server, 400, RemoteWrites.snappy(new byte[] {0x0a, -1, -1, -1, -1, 15}), "not a request");
        }
    }

    private void refuses(LiveServer server, int status, byte[] body, String text) throws Exception {
        HttpResponse<byte[]> answer = read(server, body, HEADERS);
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("\"status\":\"error\"")
                .contains(text);
    }

    /** Whatever the bytes, it answers, and is no worse for it. */
    @Test
    void answersAnyBytes() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("RemoteReadTest seed " + seed);
        var random = new Random(seed);
        byte[] whole = RemoteWrites.join(
                RemoteReads.query(-5, 1000, EQUAL, "__name__", "up", REGEX, "job", ".*"), RemoteReads.accepting(0));
        try (LiveServer server = start(data)) {
            for (int round = 0; round < 1000; round++) {
                byte[] some =
                        Arrays.copyOf(whole, random.nextInt(3) == 0 ? random.nextInt(whole.length) : whole.length);
                for (int i = random.nextInt(4); i > 0 && some.length > 0; i--) {
                    some[random.nextInt(some.length)] = (byte) random.nextInt();
                }
                assertThat(read(server, RemoteWrites.snappy(some), HEADERS).statusCode())
                        .isIn(200, 400);
            }
            assertThat(results(server, whole)).hasSize(1);
        }
    }
}
