package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.auth.AccessRole;
import io.metricstream.auth.Authenticator;
import io.metricstream.auth.KeyFile;
import io.metricstream.limit.RateLimits;
import io.metricstream.promql.parse.AggregateOp;
import io.metricstream.promql.parse.Function;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The web page as it is served: which files, with which headers, to whom. */
final class WebFilesTest {
    private static final Path SOURCES = Path.of("src/main/resources/page");
    private static final Pattern NAMED = Pattern.compile("(?:from '\\./|(?:src|href)=\"assets/)([^'\"]+)['\"]");

    private final PipelineRig rig = new PipelineRig();
    private final Peer peer = rig.connect();

    @AfterEach
    void leavesNothingBehind() {
        rig.close();
    }

    private HttpAnswer get(String path, String... headers) {
        return peer.send(Requests.get(path, headers)).run().answer();
    }

    @Test
    void servesWhatThePageNamesAndNothingElse() throws Exception {
        Set<String> named = new TreeSet<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                NAMED.matcher(Files.readString(file)).results().forEach(match -> named.add(match.group(1)));
                String name = file.getFileName().toString();
                String path = name.equals("index.html") ? "/" : "/assets/" + name;
                assertThat(get(path).text()).as(path).isEqualTo(Files.readString(file));
            }
        }
        assertThat(named).contains("uplot.js", "uplot.css", "main.js", "icon.svg");
        assertThat(named)
                .allSatisfy(name ->
                        assertThat(get("/assets/" + name).status()).as(name).isEqualTo(200));
        for (String path :
                List.of("/assets", "/assets/", "/assets/index.html", "/assets/../page/main.js", "/page/main.js")) {
            assertThat(get(path).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void saysWhatMayRunOnIt() {
        HttpAnswer page = get("/");
        assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("content-security-policy"))
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "require-trusted-types-for")
                .doesNotContain("unsafe");
        assertThat(page.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(page.text()).doesNotContain("style=", "onclick", "http:", "https:");
        assertThat(get("/assets/main.js").header("content-type")).isEqualTo("text/javascript; charset=utf-8");
    }

    @Test
    void sendsNothingThatTheClientHas() {
        String tag = get("/assets/page.css").header("etag");
        for (String known : List.of(tag, "\"other\", " + tag, "*", tag.substring(2))) {
            HttpAnswer answer = get("/assets/page.css", "If-None-Match: " + known);
            assertThat(answer.status()).as(known).isEqualTo(304);
            assertThat(answer.text()).isEmpty();
            assertThat(answer.header("etag")).isEqualTo(tag);
        }
        assertThat(get("/assets/page.css", "If-None-Match: \"other\"").status()).isEqualTo(200);
        assertThat(get("/assets/page.css").header("cache-control")).isEqualTo("no-cache");
    }

    @Test
    void answersHeadAndRefusesOtherMethods() {
        HttpAnswer head =
                peer.send(Requests.request("HEAD", "/") + "\r\n").run().answerToHead();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("content-length")).isNotEqualTo("0");
        HttpAnswer post = peer.send(Requests.postTo("/", "")).run().answer();
        assertThat(post.status()).isEqualTo(405);
        assertThat(post.header("allow")).isEqualTo("GET, HEAD, OPTIONS");
    }

    @Test
    void needsNoKey(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        new KeyFile(file).add("fleet", Set.of(AccessRole.READ));
        try (var guarded = new PipelineRig(
                PipelineRig.config(HttpLimits.DEFAULT), Authenticator.keys(file), new RateLimits(0, 0, 0), 64)) {
            Peer stranger = guarded.connect();
            assertThat(stranger.send(Requests.get("/")).run().answer().status()).isEqualTo(200);
            assertThat(stranger.send(Requests.get("/metrics")).run().answer().status())
                    .isEqualTo(401);
        }
    }

    @Test
    void knowsTheWordsOfPromQl() throws Exception {
        String words = Files.readString(SOURCES.resolve("words.js"));
        assertThat(keys(words, "FUNCTIONS"))
                .isEqualTo(Stream.of(Function.values()).map(Function::text).collect(Collectors.toSet()));
        assertThat(keys(words, "AGGREGATIONS"))
                .isEqualTo(
                        Stream.of(AggregateOp.values()).map(AggregateOp::text).collect(Collectors.toSet()));
    }

    /** The keys of an object of the script. */
    private static Set<String> keys(String script, String name) {
        int start = script.indexOf("export const " + name + " = {");
        String object = script.substring(start, script.indexOf("};", start));
        return Pattern.compile("(\\w+): '")
                .matcher(object)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }
}
