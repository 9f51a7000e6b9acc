package io.metricstream.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import io.metricstream.auth.AccessRole;
import io.metricstream.auth.KeyFile;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The web page in a real browser: skipped, and reported so, where Chromium is not installed. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class PageIT {
    private static final List<String> HOSTS = List.of("web1", "web2", "web3", "db1");
    private static final int STEP_MILLIS = 15_000;
    private static final int STEPS = 300;

    @TempDir
    private Path folder;

    /** More than an hour of four machines. */
    private static String samples() {
        var lines = new StringBuilder();
        long from = System.currentTimeMillis() - (long) STEPS * STEP_MILLIS;
        for (int step = 0; step < STEPS; step++) {
            long time = from + (long) step * STEP_MILLIS;
            for (int host = 0; host < HOSTS.size(); host++) {
                String labels = "\"host\":\"" + HOSTS.get(host) + "\",\"region\":\"" + (host < 2 ? "eu" : "us") + '"';
                double wave = Math.sin(step / 40.0 + host) + 0.3 * Math.sin(step / 7.0 + 2 * host);
                add(lines, "cpu_usage", "gauge", 35 + 12 * host + 14 * wave, time, labels);
                add(lines, "requests_total", "counter", 500.0 * step * (1 + host) + 5e3 * wave, time, labels);
            }
        }
        return lines.toString();
    }

    private static void add(StringBuilder lines, String name, String type, double value, long time, String labels) {
        lines.append(String.format(
                Locale.ROOT,
                "{\"name\":\"%s\",\"type\":\"%s\",\"value\":%.3f,\"timestamp\":%d,\"tags\":{%s}}%n",
                name,
                type,
                value,
                time,
                labels));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Locator legend(Page page) {
        return page.locator("table.legend tbody tr");
    }

    private static Locator range(Page page) {
        return page.getByLabel("Range", new Page.GetByLabelOptions().setExact(true));
    }

    private static void drag(Page page, double from, double to) {
        BoundingBox plot = page.locator(".u-over").first().boundingBox();
        double y = plot.y + plot.height / 2;
        page.mouse().move(plot.x + from * plot.width, y);
        page.mouse().down();
        page.mouse().move(plot.x + (from + to) / 2 * plot.width, y);
        page.mouse().move(plot.x + to * plot.width, y);
        page.mouse().up();
    }

    @Test
    void showsFirstSamplesWhenTheyCome() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 800)) {
            Page page = browser.show(server, "");
            assertThat(page.locator(".empty")).containsText("curl http://127.0.0.1:" + server.port() + "/metrics");
            Browser.picture(page, "page-empty");
            new ApiClient(server.port()).write(samples());
            assertThat(page.locator(".empty")).isHidden();
            page.locator("button.chip", new Page.LocatorOptions().setHasText("cpu_usage"))
                    .click();
            assertThat(legend(page)).hasCount(HOSTS.size());
        }
    }

    @Test
    void followsTheLinksOfAlerts() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 800)) {
            new ApiClient(server.port()).write(samples());
            String query = "cpu_usage{region=~\"e.*\"} > 0";
            Page page = browser.show(server, "graph?g0.expr=" + encoded(query) + "&g0.tab=1&g1.expr=1&g1.tab=0");
            page.waitForURL(Pattern.compile(".*/#explore\\?.*"));
            assertThat(page.locator("textarea").first()).hasValue(query);
            assertThat(page.locator("textarea")).hasCount(2);
            assertThat(page.locator("table").first()).containsText("web1");
            assertThat(legend(page)).hasCount(1);
        }
    }

    @Test
    void typesDrawsZoomsAndReloadsByLink() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 800)) {
            new ApiClient(server.port()).write(samples());
            Page page = browser.show(server, "");
            Locator input = page.locator("textarea");
            input.click();
            page.keyboard().type("cpu_us");
            assertThat(page.locator(".completions li[aria-selected=true]")).containsText("cpu_usage");
            page.keyboard().press("Enter");
            assertThat(input).hasValue("cpu_usage");
            page.keyboard().type("{reg");
            assertThat(page.locator(".completions li[aria-selected=true]")).containsText("region");
            page.keyboard().press("Tab");
            page.keyboard().type("=\"");
            assertThat(page.locator(".completions li")).hasCount(2);
            page.keyboard().press("ArrowDown");
            page.keyboard().press("Enter");
            page.keyboard().type("}");
            assertThat(input).hasValue("cpu_usage{region=\"us\"}");
            page.keyboard().press("Escape");
            page.keyboard().press("Enter");
            assertThat(legend(page)).hasCount(2);
            assertThat(page.locator(".common")).containsText("region=\"us\"");

            drag(page, 0.4, 0.6);
            page.waitForURL(Pattern.compile(".*[?&]end=.*"));
            legend(page).first().locator("button").click();
            page.waitForURL(Pattern.compile(".*[?&]h=.*"));
            assertThat(legend(page).first()).hasClass("hidden-series");
            String range = range(page).inputValue();

            Page other = browser.show(server, page.url().substring(page.url().indexOf('#')));
            assertThat(other.locator("textarea")).hasValue("cpu_usage{region=\"us\"}");
            assertThat(legend(other)).hasCount(2);
            assertThat(legend(other).first()).hasClass("hidden-series");
            assertThat(range(other)).hasValue(range);
            assertThat(range).isNotEqualTo("1h");

            page.goBack();
            assertThat(range(page)).hasValue("1h");
        }
    }

    @Test
    void takesTheFirstThatIsOfferedWithTab() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 800)) {
            new ApiClient(server.port()).write(samples());
            Page page = browser.show(server, "#explore");
            page.locator("textarea").click();
            page.keyboard().type("u_usa");
            assertThat(page.locator(".completions li")).hasCount(1);
            page.keyboard().press("Tab");
            assertThat(page.locator("textarea")).hasValue("cpu_usage");
        }
    }

    @Test
    void leavesWhatIsWrittenInFull() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 800)) {
            new ApiClient(server.port()).write(samples());
            new ApiClient(server.port()).write("{\"name\":\"cpu_usage_limit\",\"value\":1}");
            Page page = browser.show(server, "#explore");
            Locator input = page.locator("textarea");
            Locator offered = page.locator(".completions li");
            input.click();
            page.keyboard().type("rate");
            assertThat(offered.first().locator(".word")).hasText("rate");
            page.keyboard().press("Tab");
            assertThat(input).hasValue("rate()");
            page.keyboard().type("requests_total[5m");
            assertThat(page.locator(".completions")).isHidden();

            input.fill("");
            page.keyboard().type("cpu_usage");
            assertThat(offered.first().locator(".word")).hasText("cpu_usage");
            page.keyboard().press("Enter");
            assertThat(legend(page)).hasCount(HOSTS.size());
            assertThat(input).hasValue("cpu_usage");
        }
    }

    @Test
    void drawsNumbersThatHardlyDifferOrAreHardlyThere() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 800)) {
            new ApiClient(server.port()).write(samples());
            String rounded = encoded("1 + (time() % 2) * 4e-16");
            String tiny = encoded("1e-40 * (1 + time() % 5)");
            Page page = browser.show(server, "#explore?range=10m&step=7s&q=" + rounded + "&q=" + tiny + "&o=&o=log");
            assertThat(legend(page)).hasCount(2);
            assertThat(page.locator("canvas")).hasCount(2);
            page.locator(".panel").first().getByText("Stacked").click();
            page.waitForURL(Pattern.compile(".*o=stacked.*"));
        }
    }

    @Test
    void meetsWhatIsClickedRightAfterTyping() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 800)) {
            new ApiClient(server.port()).write(samples());
            Page page = browser.show(server, "#explore?q=cpu_usage");
            assertThat(legend(page)).hasCount(HOSTS.size());
            range(page).fill("2h");
            page.getByLabel("Half a range earlier").click();
            page.waitForURL(Pattern.compile(".*[?&]range=2h&end=.*"));
            page.getByLabel("Step").fill("30s");
            page.getByText("Now").click();
            page.waitForURL(Pattern.compile(".*[?&]range=2h&step=30s.*"));
            range(page).fill("nonsense");
            page.getByLabel("Longer range").click();
            page.waitForURL(Pattern.compile(".*[?&]range=3h.*"));
            assertThat(range(page)).hasAttribute("aria-invalid", "false");
        }
    }

    @Test
    void marksWhereAnExpressionIsWrong() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 800)) {
            new ApiClient(server.port()).write(samples());
            Page page = browser.show(server, "#explore?q=" + encoded("sum by (host) (cpu_usage ! 3)"));
            assertThat(page.locator(".problem .where")).hasText(Pattern.compile("1:\\d+"));
            assertThat(page.locator(".wrong")).hasCount(1);
            Browser.picture(page, "page-error");
            page.locator("textarea").fill("sum by (host) (cpu_usage)");
            assertThat(page.locator(".problem")).isHidden();
            page.locator("button.primary").click();
            assertThat(legend(page)).hasCount(HOSTS.size());
        }
    }

    @Test
    void showsTablesStacksAndSeveralPanels() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 1060)) {
            new ApiClient(server.port()).write(samples());
            String two = "#explore?range=1h&q=cpu_usage&q=" + encoded("sum by (host) (rate(requests_total[5m]))");
            Page page = browser.show(server, two + "&o=&o=stacked");
            assertThat(legend(page)).hasCount(2 * HOSTS.size());
            assertThat(page.locator("canvas")).hasCount(2);
            Browser.picture(page, "page-light");
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            assertThat(page.getByLabel("Light theme")).isVisible();
            Browser.picture(page, "page-dark");

            Locator first = page.locator(".panel").first();
            first.getByText("Table").click();
            assertThat(first.locator("table.result tbody tr")).hasCount(HOSTS.size());
            page.waitForURL(Pattern.compile(".*o=table.*"));
            first.getByText("Value").click();
            assertThat(first.locator("th[aria-sort=descending]")).hasText("Value");
            first.getByLabel("Remove this panel").click();
            assertThat(page.locator(".panel")).hasCount(1);
        }
    }

    @Test
    void fitsAPhone() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(360, 780)) {
            new ApiClient(server.port()).write(samples());
            Page page = browser.show(server, "#explore?q=cpu_usage");
            assertThat(legend(page)).hasCount(HOSTS.size());
            assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as("nothing sticks out")
                    .isTrue();
            assertThat((Boolean) page.evaluate(
                            "document.querySelector('nav').scrollWidth <= document.querySelector('nav').clientWidth"))
                    .as("all tabs are there to be touched")
                    .isTrue();
            Browser.picture(page, "page-phone");
        }
    }

    @Test
    void growsWithItsTextWhereItGetsNarrower() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 780)) {
            new ApiClient(server.port()).write(samples());
            String sum = "sum by (host) (rate(requests_total{region=~\"eu|us\"}[5m]))";
            Page page = browser.show(server, "#explore?q=" + encoded(sum + " / on (host) " + sum));
            Locator input = page.locator("textarea");
            assertThat(legend(page)).hasCount(HOSTS.size());
            double wide = input.boundingBox().height;
            page.setViewportSize(360, 780);
            page.waitForFunction("height => document.querySelector('textarea').clientHeight >= 2 * height", wide);
            assertThat((Boolean) input.evaluate("one => one.scrollHeight <= one.clientHeight"))
                    .as("all of the text is seen")
                    .isTrue();
        }
    }

    @Test
    void saysWhatIsNotDrawn() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 780)) {
            var client = new ApiClient(server.port());
            long now = System.currentTimeMillis();
            String special = "{\"metric\":{\"__name__\":\"odd\"},\"values\":[1,\"NaN\",\"Infinity\"],\"timestamps\":["
                    + (now - 3_000) + "," + (now - 2_000) + "," + (now - 1_000) + "]}\n";
            var unused = client.post("/api/v1/import", special.getBytes(StandardCharsets.UTF_8));
            var many = new StringBuilder();
            for (int i = 0; i < 501; i++) {
                add(many, "many", "gauge", i, now, "\"i\":\"" + i + '"');
            }
            client.write(many.toString());
            Page page = browser.show(server, "#explore?range=1m&step=1s&q=odd");
            assertThat(page.locator(".notes")).containsText("points are NaN or infinite and are not drawn");
            page.locator("textarea").fill("many");
            page.keyboard().press("Escape");
            page.keyboard().press("Enter");
            assertThat(page.locator(".notes")).hasText("There are more series; the first 500 are shown.");
            assertThat(legend(page)).hasCount(50);
            page.getByText("List 450 more").click();
            assertThat(legend(page)).hasCount(500);
        }
    }

    @Test
    void showsTextAsText() throws Exception {
        String evil = "<img src=x onerror=alert(1)>";
        try (LiveServer server = LiveServer.start(folder);
                Browser browser = Browser.open(1280, 800)) {
            new ApiClient(server.port())
                    .write("{\"name\":\"evil\",\"value\":1,\"tags\":{\"text\":\"" + evil
                            + "\",\"turned\":\"\\u202eabc\"}}\n");
            Page page = browser.show(server, "#explore?q=evil");
            assertThat(legend(page)).containsText(new String[] {evil});
            assertThat(legend(page)).containsText(new String[] {"turned=\"\\u202eabc\""});
            page.locator(".panel").getByText("Table").click();
            assertThat(page.locator("table.result")).containsText(evil);
            assertThat(page.locator("#content img")).hasCount(0);
        }
    }

    @Test
    void asksForTheKey() throws Exception {
        Path keys = folder.resolve("keys.json");
        var file = new KeyFile(keys);
        String key = file.add("people", Set.of(AccessRole.READ));
        String writing = file.add("fleet", Set.of(AccessRole.WRITE));
        try (LiveServer server = LiveServer.start(folder.resolve("data"), "auth.mode=keys", "auth.file=" + keys)
                        .authorization("Bearer " + key);
                Browser browser = Browser.open(1280, 800)) {
            Page page = browser.show(server, "#explore?q=" + encoded("1 + 1"));
            Locator dialog = page.locator("dialog");
            assertThat(dialog).isVisible();
            dialog.locator("input").fill(writing);
            page.keyboard().press("Enter");
            assertThat(dialog).containsText("does not have the role");
            dialog.locator("input").fill(key);
            page.keyboard().press("Enter");
            assertThat(dialog).hasCount(0);
            assertThat(page.locator(".empty")).isVisible();
            assertThat(page.getByLabel("Forget the key")).isVisible();
        }
    }

    @Test
    void doesNotAskWhoGivesNoKeyAgainAndAgain() throws Exception {
        Path keys = folder.resolve("keys.json");
        String key = new KeyFile(keys).add("people", Set.of(AccessRole.READ));
        try (LiveServer server = LiveServer.start(folder.resolve("data"), "auth.mode=keys", "auth.file=" + keys)
                        .authorization("Bearer " + key);
                Browser browser = Browser.open(1280, 800)) {
            Page page = browser.show(server, "#server");
            Locator dialog = page.locator("dialog");
            dialog.getByText("Cancel").click();
            for (int polls = 0; polls < 2; polls++) {
                page.waitForResponse("**/metrics", () -> {});
                assertThat(dialog).hasCount(0);
            }
            page.getByText("Explore").click();
            dialog.getByText("Cancel").click();
            page.locator("textarea").fill("1 + 1");
            page.locator("button.primary").click();
            assertThat(dialog).isVisible();
            BoundingBox box = dialog.boundingBox();
            assertThat(box.y + box.height / 2).as("in the middle").isBetween(300.0, 500.0);
            dialog.locator("input").fill(key);
            page.keyboard().press("Enter");
            assertThat(page.getByLabel("Forget the key")).isVisible();
        }
    }

    @Test
    void keepsWhatIsShownWhereSomebodySkipsToIt() throws Exception {
        try (LiveServer server = LiveServer.start(folder.resolve("data"));
                Browser browser = Browser.open(1280, 800)) {
            Page page = browser.show(server, "#explore?q=" + encoded("1 + 1"));
            String address = page.url();
            page.locator(".skip").focus();
            page.keyboard().press("Enter");
            assertThat(page.locator("#content")).isFocused();
            assertThat(page).hasURL(address);
        }
    }
}
