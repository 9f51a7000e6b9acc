package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.HttpAnswer;
import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The public cases of JSON's grammar, sent to the whole server: {@code y_} is JSON, {@code n_} is none, {@code i_} may be
 * either. They are read from where they lie beside the project; {@code -Dconformance.dir} names another place.
 */
final class JsonConformanceTest {
    private static final int GOOD = 200;
    private static final int BAD = 400;

    /** Where a case stands in a valid request; {@code @} is its place. */
    private static final List<String> AROUND = List.of(
            "{\"x\":@,\"metrics\":[{\"name\":\"a\",\"value\":1}]}",
            "{\"metrics\":[{\"name\":\"a\",\"value\":1}],\"x\":@}",
            "{\"metrics\":[{\"x\":@,\"name\":\"a\",\"value\":1}]}",
            "{\"metrics\":[{\"name\":\"a\",\"value\":1,\"x\":@}]}");

    private static final List<String> AROUND_IN_A_LINE =
            List.of("{\"x\":@,\"name\":\"a\",\"value\":1}", "{\"name\":\"a\",\"value\":1,\"x\":@}");

    @TempDir
    private Path data;

    private static List<Path> cases() throws IOException {
        try (Stream<Path> files = Files.list(ConformanceFiles.find("json/test_parsing"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void judgesEachCaseAsABody() throws Exception {
        List<Path> cases = cases();
        try (LiveServer server = LiveServer.start(data);
                RawClient client = server.connect()) {
            for (Path file : cases) {
                String name = file.getFileName().toString();
                HttpAnswer answer = post(client, Requests.latin1(Files.readAllBytes(file)));
                // None of them is a request, but those that are JSON are told from those that are not.
                assertThat(answer.status()).as("%s: %s", name, answer).isEqualTo(BAD);
                if (name.startsWith("y_")) {
                    assertThat(answer.code()).as(name).isEqualTo("invalid_request");
                } else if (name.startsWith("n_")) {
                    assertThat(answer.code()).as(name).isEqualTo("invalid_json");
                    assertThat(answer.json().get("line").asInt()).as(name).isPositive();
                    assertThat(answer.json().get("column").asInt()).as(name).isPositive();
                }
            }
            assertThat(StoredSamples.of(data)).isEmpty();
        }
    }

    @Test
    void judgesEachCaseInAnIgnoredField() throws Exception {
        List<Path> cases = cases();
        int stored = 0;
        try (LiveServer server = LiveServer.start(data);
                RawClient client = server.connect()) {
            for (Path file : cases) {
                String name = file.getFileName().toString();
                String inner = Requests.latin1(Files.readAllBytes(file));
                for (String around : AROUND) {
                    // The second time the series is known, and its bytes may be recognised.
                    String body = around.replace("@", inner);
                    stored += judge(client, name, body, "application/json");
                    stored += judge(client, name, body, "application/json");
                }
                if (inner.indexOf('\n') < 0) {
                    for (String around : AROUND_IN_A_LINE) {
                        stored += judge(client, name, around.replace("@", inner), "application/x-ndjson");
                    }
                }
            }
            assertThat(StoredSamples.of(data)).hasSize(stored).allMatch(sample -> sample.startsWith("a{} gauge 1.0@"));
        }
    }

    /** Returns how many samples were stored: 1 or 0. */
    private static int judge(RawClient client, String name, String body, String type) throws IOException {
        HttpAnswer answer = post(client, body, "Content-Type: " + type);
        assertThat(answer.status()).as("%s: %s", name, answer).isIn(GOOD, BAD);
        if (name.startsWith("y_")) {
            assertThat(answer.status()).as("%s in %s", name, shown(body)).isEqualTo(GOOD);
        } else if (name.startsWith("n_")) {
            assertThat(answer.status()).as("%s in %s", name, shown(body)).isEqualTo(BAD);
        }
        return answer.status() == GOOD ? 1 : 0;
    }

    private static HttpAnswer post(RawClient client, String body, String... headers) throws IOException {
        return client.send(Requests.post(body, headers)).answer();
    }

    private static String shown(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.length() > 200 ? text.substring(0, 200) + "..." : text;
    }
}
