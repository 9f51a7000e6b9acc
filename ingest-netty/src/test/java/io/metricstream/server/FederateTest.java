package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.RemoteWrites;
import io.metricstream.model.SpecialValues;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Federation as another Prometheus scrapes it, of the whole server. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
final class FederateTest {
    private static final String FEDERATE = "/federate";

    private final long now = System.currentTimeMillis();

    @TempDir
    private Path data;

    private String sample(String labels, double value, long ageMillis) {
        return "{\"metric\":{" + labels + "},\"values\":[" + value + "],\"timestamps\":[" + (now - ageMillis) + "]}\n";
    }

    private static void write(ApiClient api, String lines) throws Exception {
        HttpResponse<String> answer = api.post("/api/v1/import", lines.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    private static String federate(ApiClient api, String... parameters) throws Exception {
        HttpResponse<String> answer = api.get(FEDERATE, parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        return answer.body().replace(" " + now(answer.body()), " NOW");
    }

    /** The time of the newest samples, which is the only one in these answers. */
    private static String now(String text) {
        int at = text.lastIndexOf(' ');
        return at < 0 ? "none" : text.substring(at + 1).trim();
    }

    @Test
    void tellsTheNewestSamplesInTheReferencesOrder() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            write(
                    api,
                    sample("\"__name__\":\"b\",\"instance\":\"i\",\"job\":\"j\"", 1000000, 10)
                            + sample("\"__name__\":\"b\",\"job\":\"j\"", 5, 60_000)
                            + sample("\"__name__\":\"b\",\"job\":\"j\"", 0.1, 10)
                            + sample("\"__name__\":\"b\",\"Zone\":\"z\"", 3, 10)
                            + sample("\"__name__\":\"d\",\"Area\":\"x\"", 4, 10)
                            + sample("\"__name__\":\"a\"", 1e-9, 10)
                            + sample("\"__name__\":\"c\",\"text\":\"q\\\"\\\\\\n\\u00e4\"", -2, 10)
                            + sample("\"__name__\":\"old\"", 1, 301_000)
                            + sample("\"__name__\":\"later\"", 1, -60_000));
            assertThat(federate(api, "match[]", "{__name__=~'.+'}", "match[]", "b"))
                    .isEqualTo("""
                            # TYPE a untyped
                            a{instance=""} 1e-09 NOW
                            # TYPE b untyped
                            b{Zone="z",instance=""} 3 NOW
                            b{instance="i",job="j"} 1e+06 NOW
                            b{job="j",instance=""} 0.1 NOW
                            # TYPE c untyped
                            c{text="q\\"\\\\\\nä",instance=""} -2 NOW
                            # TYPE d untyped
                            d{Area="x",instance=""} 4 NOW
                            """);
            assertThat(federate(api, "match[]", "nothing")).isEmpty();
        }
    }

    @Test
    void leavesOutWhatEnded() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            String endless = sample("\"__name__\":\"goes\"", Double.POSITIVE_INFINITY, 2000);
            write(api, sample("\"__name__\":\"ended\"", 1, 2000) + endless.replace("Infinity", "\"Infinity\""));
            byte[] end = RemoteWrites.message(SpecialValues.STALE, now - 1000, "__name__", "ended");
            assertThat(api.post("/api/v1/write", RemoteWrites.snappy(end)).statusCode())
                    .isEqualTo(204);
            assertThat(federate(api, "match[]", "{__name__=~'ended|goes'}"))
                    .isEqualTo("# TYPE goes untyped\ngoes{instance=\"\"} +Inf NOW\n");
        }
    }

    @Test
    void writesNamesAsTheScraperReadsThem() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            write(api, sample("\"__name__\":\"my.\\u00e4\\uD83D\\uDE00\",\"1 tag\":\"v\"", 1, 10));
            assertThat(federate(api, "match[]", "{'my.ä\uD83D\uDE00'}"))
                    .isEqualTo("# TYPE my___ untyped\nmy___{__tag=\"v\",instance=\"\"} 1 NOW\n");
            HttpResponse<String> utf8 =
                    api.getAs("text/plain;version=1.0.0;escaping=allow-utf-8", FEDERATE, "match[]", "{'1 tag'='v'}");
            assertThat(utf8.body().replace(" " + now(utf8.body()), " NOW")).isEqualTo("""
                            # TYPE "my.ä\uD83D\uDE00" untyped
                            {"my.ä\uD83D\uDE00","1 tag"="v",instance=""} 1 NOW
                            """);
            write(api, sample("\"__name__\":\"a:b\",\"c:d\":\"v\"", 1, 10));
            assertThat(federate(api, "match[]", "a:b"))
                    .as("a colon is a part of a metric's name, and not of a label's")
                    .isEqualTo("# TYPE a:b untyped\na:b{c_d=\"v\",instance=\"\"} 1 NOW\n");
        }
    }

    @Test
    void refusesWhatSelectsNothing() throws Exception {
        try (LiveServer server = LiveServer.start(data)) {
            var api = new ApiClient(server.port());
            api.refused(api.get(FEDERATE), 400, "bad_data", "invalid_parameter", "no match[] parameter provided");
            api.refused(api.get(FEDERATE, "match[]", "-a"), 400, "bad_data", "invalid_parameter", "\"match[]\"");
            assertThat(api.post(FEDERATE, new byte[0]).statusCode()).isEqualTo(405);
        }
    }
}
