package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** VictoriaMetrics's vmalert asks this server, writes to it and reads its state back; skipped where it is not installed. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class VmalertIT {
    private static final String RULES = """
            groups:
              - name: g
                rules:
                  - {record: 'load:double', expr: load * 2, labels: {by: vmalert}}
                  - {alert: High, expr: 'load:double > 10', for: 1s, annotations: {summary: 'load {{ $value }}'}}
            """;

    @TempDir
    private Path folder;

    @Test
    void evaluatesARecordingAndAnAlertingRule() throws Exception {
        Installed.assume("vmalert");
        Files.writeString(folder.resolve("rules.yml"), RULES);
        try (Webhook webhook = Webhook.start(0);
                LiveServer server = LiveServer.start(folder.resolve("data"))) {
            var api = new ApiClient(server.port());
            api.write("{\"name\":\"load\",\"value\":6,\"tags\":{\"host\":\"a\"}}");
            try (Launch vmalert = start(server.port(), webhook)) {
                await(api, vmalert, "load:double", "\"12\"");
                await(api, vmalert, "ALERTS{alertstate=\"firing\"}", "\"1\"");
                await(api, vmalert, "ALERTS_FOR_STATE", "High");
                JsonNode alert = new JsonMapper().readTree(webhook.next()).get(0);
                assertThat(alert.get("labels").get("alertname").asString()).isEqualTo("High");
                assertThat(alert.get("annotations").get("summary").asString()).isEqualTo("load 12");
            }
            try (Launch again = start(server.port(), webhook)) {
                again.awaitSaying("restored");
            }
        }
    }

    private Launch start(int serverPort, Webhook webhook) throws IOException {
        String url = "http://127.0.0.1:" + serverPort;
        return Launch.run(
                folder,
                folder.resolve("vmalert.log"),
                List.of(
                        "vmalert",
                        "-rule=" + folder.resolve("rules.yml"),
                        "-datasource.url=" + url,
                        "-remoteWrite.url=" + url,
                        "-remoteWrite.flushInterval=200ms",
                        "-remoteRead.url=" + url,
                        "-notifier.url=" + webhook.address(),
                        "-evaluationInterval=1s",
                        "-httpListenAddr=127.0.0.1:" + Installed.freePort()));
    }

    private static void await(ApiClient api, Launch vmalert, String query, String text) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String found = "";
        while (System.nanoTime() < deadline) {
            found = api.data("/api/v1/query", "query", query);
            if (found.contains(text)) {
                return;
            }
            LockSupport.parkNanos(50_000_000L);
        }
        throw new AssertionError("found " + found + "; vmalert said " + vmalert.said());
    }
}
