package io.metricstream.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the page tells about series, clients and the server, in a real browser, where one is installed. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class PageTabsIT {
    private static final int HOSTS = 12;

    @TempDir
    private Path folder;

    private static void write(LiveServer server, String client, int hosts) throws Exception {
        var lines = new StringBuilder();
        for (int host = 0; host < hosts; host++) {
            for (String metric : new String[] {"cpu_usage", "memory_used_bytes", "disk_free_bytes"}) {
                lines.append("{\"name\":\"" + metric + "\",\"value\":" + host + ",\"tags\":{\"host\":\"server" + host
                        + "\",\"region\":\"" + (host % 3 == 0 ? "eu" : "us") + "\"}}\n");
            }
        }
        var unused = new ApiClient(server.port())
                .post(
                        "/metrics",
                        lines.toString().getBytes(StandardCharsets.UTF_8),
                        "Content-Type",
                        "application/x-ndjson",
                        "Authorization",
                        client);
    }

    @Test
    void countsSeriesByMetricLabelAndPair() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 900)) {
            write(server, "fleet", HOSTS);
            Page page = browser.show(server, "#cardinality");
            assertThat(page.locator(".numbers b").first()).hasText(String.valueOf(3 * HOSTS));
            Locator metrics = page.locator(".halves .card").first();
            assertThat(metrics.locator("tr")).hasCount(3);
            Browser.picture(page, "page-cardinality");
            page.getByLabel("Selector").fill("{region=\"eu\"}");
            page.keyboard().press("Enter");
            assertThat(page.locator(".numbers b").first()).hasText(String.valueOf(HOSTS));
            page.waitForURL(Pattern.compile(".*match=.*"));
            page.getByLabel("Selector").fill("{");
            page.keyboard().press("Enter");
            assertThat(page.locator(".problem")).isVisible();
            metrics.locator("a").first().click();
            assertThat(page.locator("table.result tbody tr")).hasCount(HOSTS);
        }
    }

    @Test
    void tellsWhoWritesAndWhatWasRefusedAndWhy() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 900)) {
            write(server, "fleet", HOSTS);
            write(server, "laboratory", 1);
            Page page = browser.show(server, "#clients");
            Locator clients = page.locator(".clients .card").first().locator("tbody tr");
            assertThat(clients).hasCount(2);
            assertThat(clients.first()).containsText(String.valueOf(3 * HOSTS));
            var unused = new ApiClient(server.port())
                    .post(
                            "/metrics",
                            "{\"metrics\":[{\"name\":\"cpu_usage\",\"value\":\"high\"}]}"
                                    .getBytes(StandardCharsets.UTF_8));
            assertThat(page.locator(".clients")).containsText("rejected: value");
            assertThat(page.locator(".clients")).containsText("127.0.0.1");
            assertThat(clients).hasCount(3);
            assertThat(clients.filter(new Locator.FilterOptions().setHasText("127.0.0.1")))
                    .containsText("value 1");
        }
    }

    @Test
    void namesTheLimitsAndReasonsThatHeldEachClient() throws Exception {
        try (LiveServer server = LiveServer.start(
                        folder, "rate-limit.requests=5", "rate-limit.samples=100", "rate-limit.bytes=50000");
                Browser browser = Browser.open(1280, 900)) {
            write(server, "quiet", 1);
            for (int i = 0; i < 9; i++) {
                write(server, "too-often", 1);
            }
            write(server, "too-many", 2 * HOSTS);
            write(server, "too-many", 4 * HOSTS);
            write(server, "too-long", 400);
            var unused = new ApiClient(server.port())
                    .post(
                            "/metrics",
                            "{\"metrics\":[{\"name\":\"a\",\"value\":\"high\"},{\"name\":\"\",\"value\":1},{\"name\":\"a\",\"value\":1}]}"
                                    .getBytes(StandardCharsets.UTF_8),
                            "Authorization",
                            "too-wild");
            Page page = browser.show(server, "#clients");
            Locator clients = page.locator(".clients .card").first().locator("tbody tr");
            assertThat(clients).hasCount(5);
            assertThat(lastCell(clients, "quiet")).hasText("");
            assertThat(lastCell(clients, "too-often")).hasText("rate-limit.requests 4");
            assertThat(lastCell(clients, "too-many")).hasText("rate-limit.samples 1");
            assertThat(lastCell(clients, "too-long")).hasText("rate-limit.bytes 1");
            assertThat(lastCell(clients, "too-wild")).containsText("value 1");
            assertThat(lastCell(clients, "too-wild")).containsText("name 1");
            Browser.picture(page, "page-clients");
        }
    }

    private static Locator lastCell(Locator rows, String client) {
        return rows.filter(new Locator.FilterOptions().setHasText(client))
                .locator("td")
                .last();
    }

    @Test
    void tellsHowTheServerIs() throws Exception {
        try (LiveServer server = LiveServer.start(folder, "retention.time=infinite");
                Browser browser = Browser.open(1280, 900)) {
            write(server, "fleet", HOSTS);
            Page page = browser.show(server, "#server");
            assertThat(page.locator(".banner")).containsText("Ready");
            assertThat(page.locator("main")).containsText("samples are kept forever");
            Locator stored = page.getByLabel("Samples stored");
            assertThat(stored).containsText(3 * HOSTS + " since the start");
            write(server, "fleet", HOSTS);
            assertThat(stored).containsText(6 * HOSTS + " since the start");
            assertThat(stored.locator(".value")).hasText(Pattern.compile("[0-9.]+ /s"));
            assertThat(page.getByLabel("Series").locator(".value")).hasText(String.valueOf(3 * HOSTS));
            Browser.picture(page, "page-server");
        }
    }

    @Test
    void fitsAPhone() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(390, 844)) {
            write(server, "fleet", HOSTS);
            for (String tab : new String[] {"cardinality", "clients", "server"}) {
                Page page = browser.show(server, "#" + tab);
                assertThat(page.locator("#content")).containsText(Pattern.compile("fleet|36"));
                assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                        .as(tab)
                        .isTrue();
            }
        }
    }
}
