package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Prometheus that sends what it scrapes, and its tool that asks, where they are installed; skipped, and reported so, where
 * they are not.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class PrometheusIT {
    private static final String SCRAPED = """
            # TYPE requests counter
            requests{path="/a b",code="200"} 17
            requests{path="/ü",code="500"} 3
            nothing NaN
            bound +Inf
            """;

    @TempDir
    private Path folder;

    @Test
    void storesWhatPrometheusScrapesAndItsStaleMarkers() throws Exception {
        Installed.assume("prometheus");
        HttpServer target = target();
        try (LiveServer server = LiveServer.start(folder.resolve("data"));
                Launch prometheus = startPrometheus(
                        Installed.freePort(), """
                        global: {scrape_interval: 200ms, scrape_timeout: 200ms}
                        scrape_configs:
                          - job_name: scraped
                            static_configs: [{targets: ["127.0.0.1:%d"]}]
                        remote_write:
                          - url: http://127.0.0.1:%d/api/v1/write
                            queue_config: {batch_send_deadline: 100ms}
                        """.formatted(target.getAddress().getPort(), server.port()))) {
            var api = new ApiClient(server.port());
            awaitExport(api, prometheus, "{__name__=~\"requests|nothing|bound\"}", 4, "");
            assertThat(api.data("/api/v1/query", "query", "sum by (job) (requests)"))
                    .contains("{\"job\":\"scraped\"}", "\"20\"]");
            assertThat(api.data("/api/v1/query", "query", "bound")).contains("\"+Inf\"");
            assertThat(api.data("/api/v1/query", "query", "nothing")).contains("\"NaN\"");
            assertThat(api.data("/api/v1/label/path/values")).contains("/a b", "/ü");
            target.stop(0);
            awaitExport(api, prometheus, "requests", 2, "null");
            assertThat(api.data("/api/v1/query", "query", "requests"))
                    .as("gone, as the stale marker says")
                    .contains("\"result\":[]");
            assertThat(server.checkConservation().get("metrics_rejected"))
                    .allSatisfy(reason -> assertThat(reason.asLong()).isZero());
        } finally {
            target.stop(0);
        }
    }

    @Test
    void letsPrometheusFederate() throws Exception {
        Installed.assume("prometheus");
        int port = Installed.freePort();
        try (LiveServer server = LiveServer.start(folder.resolve("data"));
                Launch prometheus = startPrometheus(port, """
                        global: {scrape_interval: 200ms, scrape_timeout: 200ms}
                        scrape_configs:
                          - job_name: federation
                            honor_labels: true
                            metrics_path: /federate
                            params: {"match[]": ['{job="fleet"}']}
                            static_configs: [{targets: ["127.0.0.1:%d"]}]
                        """.formatted(server.port()))) {
            new ApiClient(server.port()).write("""
                    {"name":"load","value":0.25,"tags":{"job":"fleet","host":"ü \\\\"}}
                    {"name":"hits","type":"counter","value":3000000,"tags":{"job":"fleet","instance":"i"}}
                    {"name":"hits","value":1,"tags":{"job":"other"}}
                    """);
            var api = new ApiClient(port);
            awaitValue(api, prometheus, "load{job='fleet',host='ü \\\\',instance=''}", "\"0.25\"");
            awaitValue(api, prometheus, "sum by (job, instance) (hits)", "{\"instance\":\"i\",\"job\":\"fleet\"}");
            awaitValue(api, prometheus, "count(hits) * sum(hits)", "\"3000000\"");
        }
    }

    @Test
    void letsPrometheusReadFromHere() throws Exception {
        Installed.assume("prometheus");
        int port = Installed.freePort();
        try (LiveServer server = LiveServer.start(folder.resolve("data"), "retention.time=infinite");
                Launch prometheus = startPrometheus(port, """
                        remote_read:
                          - url: http://127.0.0.1:%d/api/v1/read
                            read_recent: true
                        """.formatted(server.port()))) {
            // Off the steps of the queries: whether the earlier end of a range belongs to it has changed since that
            // version.
            var lines = new StringBuilder();
            for (int i = 0; i < 2000; i++) {
                for (String host : List.of("a", "b", "ü")) {
                    lines.append("{\"name\":\"hits_total\",\"value\":").append(i * host.length() + i % 7);
                    lines.append(",\"timestamp\":").append(1_000_000_001_234L + i * 15_000L);
                    lines.append(",\"tags\":{\"host\":\"").append(host).append("\",\"Zone\":\"z\"}}\n");
                }
            }
            var ours = new ApiClient(server.port());
            ours.write(lines.toString());
            var theirs = new ApiClient(port);
            awaitValue(theirs, prometheus, "hits_total{host='a'} @ 1000000002", "\"0\"");
            for (String query : List.of(
                    "hits_total{host=~'a|ü'}",
                    "sum by (Zone, host) (rate(hits_total[5m]))",
                    "count({Zone='z',host!='b'})")) {
                String[] range = {
                    "query", query, "start", "1000000007", "end", "1000030000", "step", "61", "timeout", "30s"
                };
                assertThat(theirs.data("/api/v1/query_range", range))
                        .contains("\"values\"")
                        .isEqualTo(ours.data("/api/v1/query_range", range));
            }
        }
    }

    /** Waits until a query has an answer with this text. */
    private static void awaitValue(ApiClient api, Launch prometheus, String query, String text) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String found = "";
        while (System.nanoTime() < deadline) {
            try {
                found = api.get("/api/v1/query", "query", query).body();
                if (found.contains(text)) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
            LockSupport.parkNanos(50_000_000L);
        }
        throw new AssertionError("found " + found + "; Prometheus said " + prometheus.said());
    }

    @Test
    void answersPromtool() throws Exception {
        Installed.assume("promtool");
        try (LiveServer server = LiveServer.start(folder.resolve("data"), "retention.time=infinite")) {
            var api = new ApiClient(server.port());
            api.write("""
                    {"name":"up","value":1,"timestamp":60000,"tags":{"job":"a"}}
                    {"name":"up","value":0,"timestamp":120000,"tags":{"job":"b"}}
                    """);
            String url = "http://127.0.0.1:" + server.port();
            assertThat(promtool("instant", "--time=60", url, "up + 1")).isEqualTo("{job=\"a\"} => 2 @[60]\n");
            assertThat(promtool("range", "--start=60", "--end=120", "--step=60s", url, "sum(up)"))
                    .isEqualTo("{} =>\n1 @[60]\n1 @[120]\n");
            assertThat(promtool("series", "--match=up", "--start=0", "--end=200", url))
                    .isEqualTo("{__name__=\"up\", job=\"a\"}\n{__name__=\"up\", job=\"b\"}\n");
            assertThat(promtool("labels", "--start=0", "--end=200", url, "job")).isEqualTo("a\nb\n");
        }
    }

    /** What {@code promtool query} says. */
    private String promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool", "query"));
        command.addAll(List.of(arguments));
        try (Launch launch = Launch.run(folder, folder.resolve("promtool.log"), command)) {
            assertThat(launch.exitCode()).as(launch.said()).isZero();
            return launch.said();
        }
    }

    private static HttpServer target() throws IOException {
        HttpServer target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] text = SCRAPED.getBytes(StandardCharsets.UTF_8);
        target.createContext("/metrics", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        target.start();
        return target;
    }

    private Launch startPrometheus(int port, String settings) throws IOException {
        Path config = Files.writeString(folder.resolve("prometheus.yml"), settings);
        return Launch.run(
                folder,
                folder.resolve("prometheus.log"),
                List.of(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port));
    }

    /** Waits until so many lines are exported, each with this text. */
    private static void awaitExport(ApiClient api, Launch prometheus, String selector, int lines, String text)
            throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String exported = "";
        while (System.nanoTime() < deadline) {
            exported = api.postForm("/api/v1/export", "match[]", selector).body();
            if (exported.lines().filter(line -> line.contains(text)).count() == lines) {
                return;
            }
            LockSupport.parkNanos(50_000_000L);
        }
        throw new AssertionError("found " + exported + "; Prometheus said " + prometheus.said());
    }
}
