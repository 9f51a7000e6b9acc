package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The system's Chromium without a window. At the end no page may have complained, about its own policy least of all. */
final class Browser implements AutoCloseable {
    /** Nothing that asks somebody else for something. */
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private static final Path IMAGES = Path.of(System.getProperty("page.images", "target/page"));

    private final Playwright playwright;
    private final BrowserContext context;
    private final List<String> complaints = new ArrayList<>();

    private Browser(Playwright playwright, BrowserContext context) {
        this.playwright = playwright;
        this.context = context;
    }

    /** Skips the test where there is no Chromium. */
    static Browser open(int width, int height) {
        Path chromium = Installed.assume("chromium");
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var options =
                new BrowserType.LaunchOptions().setExecutablePath(chromium).setArgs(ARGUMENTS);
        BrowserContext context = playwright
                .chromium()
                .launch(options)
                .newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setLocale("en-GB"));
        context.setDefaultTimeout(20_000);
        return new Browser(playwright, context);
    }

    /** A page of this server, in a tab of its own; the address is what stands behind the slash. */
    Page show(LiveServer server, String address) {
        Page page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            // A refused query is an answer as others are, of which the browser tells all the same.
            boolean refusal =
                    message.text().startsWith("Failed to load resource: the server responded with a status of 4");
            if (message.type().equals("error") && !refusal) {
                complaints.add(message.text());
            }
        });
        page.navigate("http://127.0.0.1:" + server.port() + "/" + address);
        return page;
    }

    /** Takes a picture, below target or where {@code -Dpage.images} says. */
    static void picture(Page page, String name) {
        page.mouse().move(0, 0);
        var unused = page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve(name + ".png")));
    }

    @Override
    public void close() {
        context.close();
        playwright.close();
        assertThat(complaints).isEmpty();
    }
}
