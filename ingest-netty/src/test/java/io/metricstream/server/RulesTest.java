package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.http.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rules of the whole server: files, what is written, what is told, and what a webhook gets. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class RulesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String QUERY = "/api/v1/query";

    @TempDir
    private Path folder;

    private LiveServer start(String... more) throws Exception {
        var settings = new String[more.length + 2];
        settings[0] = "rules.files=" + folder + "/*.yml";
        settings[1] = "rules.evaluation-interval=200ms";
        System.arraycopy(more, 0, settings, 2, more.length);
        return LiveServer.start(folder.resolve("data"), settings);
    }

    private void rules(String rules) throws Exception {
        Path next = folder.resolve("next");
        Files.writeString(next, "groups:\n- name: g\n  rules:\n" + rules);
        Files.move(next, folder.resolve("r.yml"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(ApiClient api, double value) throws Exception {
        api.write("{\"name\":\"load\",\"value\":" + value + ",\"tags\":{\"host\":\"a\"}}");
    }

    private static String await(ApiClient api, String path, Predicate<String> wanted, String... parameters)
            throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String data = api.data(path, parameters);
        while (!wanted.test(data) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(20_000_000L);
            data = api.data(path, parameters);
        }
        assertThat(wanted.test(data)).as(data).isTrue();
        return data;
    }

    @Test
    void hasNoGroupsWithoutFiles() throws Exception {
        try (LiveServer server = LiveServer.start(folder.resolve("data"))) {
            var api = new ApiClient(server.port());
            assertThat(api.data("/api/v1/rules")).isEqualTo("{\"groups\":[]}");
            assertThat(api.data("/api/v1/alerts")).isEqualTo("{\"alerts\":[]}");
        }
    }

    @Test
    void recordsAndFollowsItsFile() throws Exception {
        rules("""
                  - {record: 'load:double', expr: load * 2, labels: {by: rule}}
                  - {record: 'load:four', expr: 'load:double * 2'}
                """);
        try (LiveServer server = start()) {
            var api = new ApiClient(server.port());
            write(api, 3);
            String found = await(api, QUERY, data -> data.contains("\"12\""), "query", "load:four");
            assertThat(found).contains("\"by\":\"rule\"", "\"host\":\"a\"", "\"__name__\":\"load:four\"");
            assertThat(await(api, "/api/v1/rules", data -> data.contains("\"ok\"")))
                    .contains("\"type\":\"recording\"");
            rules("  - {record: 'load:ten', expr: load * 10}\n");
            await(api, QUERY, data -> data.contains("\"30\""), "query", "load:ten");
            await(api, QUERY, data -> data.endsWith("\"result\":[]}"), "query", "load:four");
            rules("  - {record: 'load:ten', expr: 'load *'}\n");
            awaitFilesOk(server, 0);
            rules("  - {record: 'load:ten', expr: load * 10}\n");
            awaitFilesOk(server, 1);
            rules("  - {record: 'load:ten', expr: 'load *'}\n");
            awaitFilesOk(server, 0);
            assertThat(api.data("/api/v1/rules")).contains("load:ten", "load * 10");
            rules("  - {record: 'load:ten', expr: 'load * 100'}\n");
            awaitFilesOk(server, 1);
            await(api, QUERY, data -> data.contains("\"300\""), "query", "load:ten");
        }
    }

    private static void awaitFilesOk(LiveServer server, int wanted) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String statistics = "";
        while (System.nanoTime() < deadline) {
            statistics =
                    server.ask(Requests.get("/metrics", "Accept: text/plain")).text();
            if (statistics.contains("metricstream_rules_files_ok " + wanted + ".0")) {
                return;
            }
            LockSupport.parkNanos(20_000_000L);
        }
        throw new AssertionError("no metricstream_rules_files_ok " + wanted + " in " + statistics);
    }

    @Test
    void saysWhyARuleFailed() throws Exception {
        rules("  - {record: r, expr: 'label_replace(load, \"host\", \"x\", \"\", \"\")'}\n");
        try (LiveServer server = start()) {
            var api = new ApiClient(server.port());
            write(api, 1);
            api.write("{\"name\":\"load\",\"value\":1,\"tags\":{\"host\":\"b\"}}");
            String told = await(api, "/api/v1/rules", data -> data.contains("\"err\""));
            assertThat(told).contains("\"lastError\":\"vector cannot contain metrics with the same labelset\"");
        }
    }

    @Test
    void selectsRules() throws Exception {
        rules("""
                  - {record: a, expr: '1'}
                  - {alert: B, expr: vector(0) > 1, labels: {team: x}}
                """);
        try (LiveServer server = start()) {
            var api = new ApiClient(server.port());
            assertThat(api.data("/api/v1/rules", "type", "alert"))
                    .contains("\"B\"")
                    .doesNotContain("\"a\"");
            assertThat(api.data("/api/v1/rules", "type", "record"))
                    .contains("\"a\"")
                    .doesNotContain("\"B\"");
            assertThat(api.data("/api/v1/rules", "rule_name[]", "B"))
                    .contains("\"B\"")
                    .doesNotContain("\"a\"");
            assertThat(api.data("/api/v1/rules", "match[]", "{team=\"x\"}"))
                    .contains("\"B\"")
                    .doesNotContain("\"a\"");
            assertThat(api.data("/api/v1/rules", "rule_group[]", "none")).isEqualTo("{\"groups\":[]}");
            api.refused(
                    api.get("/api/v1/rules", "type", "x"), 400, "bad_data", "invalid_parameter", "not supported value");
            String wrong = "invalid_parameter";
            api.refused(api.get("/api/v1/rules", "group_limit", "0"), 400, "bad_data", wrong, "greater than 0");
            api.refused(api.get("/api/v1/rules", "group_next_token", "x"), 400, "bad_data", wrong, "group_limit");
        }
    }

    @Test
    void tellsSoManyGroupsAtOnce() throws Exception {
        rules("  - {record: a, expr: '1'}\n- name: f\n  rules: [{record: b, expr: '1'}]\n- {name: empty, rules: []}\n");
        try (LiveServer server = start()) {
            var api = new ApiClient(server.port());
            JsonNode first = JSON.readTree(api.data("/api/v1/rules", "group_limit", "1"));
            assertThat(first.get("groups").size()).isEqualTo(1);
            assertThat(first.get("groups").get(0).get("name").asString()).isEqualTo("f");
            String token = first.get("groupNextToken").asString();
            JsonNode second = JSON.readTree(api.data("/api/v1/rules", "group_limit", "9", "group_next_token", token));
            assertThat(second.get("groups").size()).isEqualTo(1);
            assertThat(second.get("groups").get(0).get("name").asString()).isEqualTo("g");
            assertThat(second.has("groupNextToken")).isFalse();
            api.refused(
                    api.get("/api/v1/rules", "group_limit", "1", "group_next_token", "x"),
                    400,
                    "bad_data",
                    "invalid_parameter",
                    "were rule groups changed?");
        }
    }

    @Test
    void refusesToStartWithABadFile() throws Exception {
        rules("  - {record: a, expr: 'sum('}\n");
        assertThatThrownBy(this::start).hasMessageContaining("r.yml:4: a: could not parse expression: 1:5");
    }

    @Test
    void tellsAWebhookOfAnAlertAndOfItsEnd() throws Exception {
        rules("""
                  - alert: High
                    expr: load > 5
                    labels: {severity: page}
                    annotations: {summary: '{{ $labels.host }} at {{ $value | humanize }}'}
                """);
        try (Webhook webhook = Webhook.start(1);
                LiveServer server =
                        start("rules.alertmanagers=" + webhook.address() + "/", "rules.external-labels=region=eu")) {
            var api = new ApiClient(server.port());
            write(api, 7000);
            await(api, "/api/v1/alerts", data -> data.contains("\"firing\""));
            String first = webhook.next();
            JsonNode alert = JSON.readTree(first).get(0);
            assertThat(alert.get("labels"))
                    .hasToString("{\"alertname\":\"High\",\"host\":\"a\",\"region\":\"eu\",\"severity\":\"page\"}");
            assertThat(alert.get("annotations")).hasToString("{\"summary\":\"a at 7k\"}");
            assertThat(webhook.next()).as("made again").isEqualTo(first);
            await(api, QUERY, data -> data.contains("\"firing\""), "query", "ALERTS");
            write(api, 1);
            await(api, "/api/v1/alerts", data -> data.equals("{\"alerts\":[]}"));
            JsonNode resolved = JSON.readTree(webhook.next()).get(0);
            assertThat(resolved.get("startsAt")).isEqualTo(alert.get("startsAt"));
            assertThat(resolved.get("endsAt").asString())
                    .isLessThan(alert.get("endsAt").asString());
            await(api, QUERY, data -> data.endsWith("\"result\":[]}"), "query", "ALERTS");
        }
    }

    @Test
    void keepsHowLongAnAlertWasPendingOverARestart() throws Exception {
        rules("  - {alert: Late, expr: load > 5, for: 1h}\n");
        String[] settings = {"rules.for-grace-period=1s"};
        String before;
        try (LiveServer server = start(settings)) {
            var api = new ApiClient(server.port());
            write(api, 9);
            await(api, QUERY, data -> data.contains("\"value\""), "query", "ALERTS_FOR_STATE");
            before = activeAt(api);
        }
        try (LiveServer server = start(settings)) {
            var api = new ApiClient(server.port());
            await(api, "/api/v1/alerts", data -> data.contains("\"pending\""));
            String after = await(api, QUERY, data -> !data.endsWith("\"result\":[]}"), "query", "ALERTS_FOR_STATE");
            assertThat(after).contains("Late");
            assertThat(Duration.between(Instant.parse(before), Instant.parse(activeAt(api))))
                    .isLessThan(Duration.ofSeconds(30));
        }
    }

    private static String activeAt(ApiClient api) throws Exception {
        return JSON.readTree(api.data("/api/v1/alerts"))
                .get("alerts")
                .get(0)
                .get("activeAt")
                .asString();
    }
}
