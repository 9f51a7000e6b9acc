package io.metricstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.storage.wal.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {
    private static final Machine MACHINE = new Machine(256L << 20, 2, 1 << 20);

    @TempDir
    private Path folder;

    private static ConfigLoader loader() {
        return new ConfigLoader(MACHINE);
    }

    private static List<String> problems(UnaryOperator<ConfigLoader> sources) {
        try {
            sources.apply(loader()).resolve();
            return List.of();
        } catch (ConfigException e) {
            return e.problems();
        }
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(folder.resolve("c.yaml"), text);
    }

    @Test
    void laterSourcesOverrideEarlierOnes() throws Exception {
        Path file = yaml("http:\n  port: 1\n  host: a\ndata.dir: /file\n");
        Settings settings = loader().file(file)
                .environment(Map.of("METRICSTREAM_HTTP_PORT", "2", "METRICSTREAM_DATA_DIR", "/env"))
                .set("http.port=3")
                .option(ConfigKeys.HTTP_PORT, "4", "--port")
                .resolve();
        assertThat(settings.get(ConfigKeys.HTTP_PORT)).isEqualTo(4);
        assertThat(settings.get(ConfigKeys.HTTP_HOST)).isEqualTo("a");
        assertThat(settings.get(ConfigKeys.DATA_DIR)).isEqualTo(Path.of("/env"));
        assertThat(settings.lines())
                .contains(
                        "http.port = 4 (--port)",
                        "http.host = a (" + file + ":3)",
                        "data.dir = /env (METRICSTREAM_DATA_DIR)",
                        "durability = fsync (default)");
    }

    @Test
    void everyKeyIsSettableFromFileEnvironmentAndOption() throws Exception {
        for (ConfigKey<?> key : ConfigKeys.ALL) {
            String text = key.fallback().text().apply(MACHINE);
            String line = key.name() + " = " + text;
            assertThat(loader().file(yaml(key.name() + ": \"" + text + "\""))
                            .resolve()
                            .lines())
                    .contains(line + " (" + folder.resolve("c.yaml") + ":1)");
            assertThat(loader().environment(Map.of(key.variable(), text))
                            .resolve()
                            .lines())
                    .contains(line + " (" + key.variable() + ")");
            assertThat(loader().set(key.name() + "=" + text).resolve().lines()).contains(line + " (--set)");
        }
    }

    @Test
    void keysAreUniqueInEverySpelling() {
        assertThat(ConfigKeys.ALL.stream().map(key -> ConfigKey.normalised(key.name())))
                .doesNotHaveDuplicates();
        assertThat(ConfigKeys.ALL).allSatisfy(key -> assertThat(key.name()).matches("[a-z]+([.-][a-z]+)*"));
        assertThat(ConfigKeys.ALL).allSatisfy(key -> assertThat(key.doc()).endsWith("."));
    }

    @Test
    void nestedAndDottedNamesMix() throws Exception {
        Settings settings = loader().file(
                        yaml("rate-limit:\n  requests: 5\n  samples: 6\nlimits.tags: 7\nring: {slots: 16}\n# end\n"))
                .resolve();
        assertThat(settings.get(ConfigKeys.RATE_LIMIT_REQUESTS)).isEqualTo(5);
        assertThat(settings.get(ConfigKeys.RATE_LIMIT_SAMPLES)).isEqualTo(6);
        assertThat(settings.get(ConfigKeys.LIMITS_TAGS)).isEqualTo(7);
        assertThat(settings.get(ConfigKeys.RING_SLOTS)).isEqualTo(16);
    }

    @Test
    void emptyFileIsFine() throws Exception {
        assertThat(loader().file(yaml("")).resolve().get(ConfigKeys.HTTP_PORT)).isEqualTo(8080);
        assertThat(loader().file(yaml("# nothing\n")).resolve().get(ConfigKeys.HTTP_PORT))
                .isEqualTo(8080);
    }

    @Test
    void variablesAreMatchedWhateverStandsBetweenTheirLetters() throws Exception {
        Settings settings = loader().environment(
                        Map.of("METRICSTREAM_RATE_LIMIT_REQUESTS", "7", "METRICSTREAM_RATELIMIT_SAMPLES", "8"))
                .resolve();
        assertThat(settings.get(ConfigKeys.RATE_LIMIT_REQUESTS)).isEqualTo(7);
        assertThat(settings.get(ConfigKeys.RATE_LIMIT_SAMPLES)).isEqualTo(8);
    }

    @Test
    void variablesOfOthersArePassedOver() throws Exception {
        Map<String, String> others = Map.of(
                "PATH", "/bin",
                "METRICSTREAM_JAVA_OPTS", "-Xmx1g",
                "METRICSTREAM_MEMORY", "limit",
                "METRICSTREAM_SERVICE_HOST", "10.0.0.1",
                "METRICSTREAM_SERVICE_PORT_HTTP", "8080",
                "METRICSTREAM_PORT", "tcp://10.0.0.1:8080",
                "METRICSTREAM_PORT_8080_TCP_ADDR", "10.0.0.1");
        assertThat(loader().environment(others).resolve().lines()).allMatch(line -> line.endsWith("(default)"));
    }

    @Test
    void unknownNamesAreRefusedWithTheNearest() throws Exception {
        assertThat(problems(l -> l.set("htp.port=1")))
                .containsExactly("--set: unknown key htp.port; did you mean http.port?");
        assertThat(problems(l -> l.set("port=1"))).containsExactly("--set: unknown key port; did you mean http.port?");
        assertThat(problems(l -> l.set("rate-limit.request=1")))
                .containsExactly("--set: unknown key rate-limit.request; did you mean rate-limit.requests?");
        assertThat(problems(l -> l.set("frobnicate=1")))
                .containsExactly("--set: unknown key frobnicate; metricstream serve --help lists them all");
        assertThat(problems(l -> l.environment(Map.of("METRICSTREAM_HTTP_PROT", "1"))))
                .containsExactly(
                        "environment: unknown variable METRICSTREAM_HTTP_PROT; did you mean METRICSTREAM_HTTP_PORT?");
        Path file = yaml("ring:\n  slots: 16\n  slot: 8\n");
        assertThat(problems(l -> l.file(file)))
                .containsExactly(file + ":3: unknown key ring.slot; did you mean ring.slots?");
    }

    @Test
    void allProblemsAreToldAtOnce() throws Exception {
        Path file = yaml("http.port: 70000\nlimits.tags: [1, 2]\nlimits.name: 5\nlimits.name: 6\njust: {nested: 1}\n");
        assertThat(problems(l -> l.file(file)
                        .environment(Map.of("METRICSTREAM_DURABILITY", "never"))
                        .set("http.max-body=huge")
                        .set("novalue")
                        .option(ConfigKeys.RING_SLOTS, "1000", "--slots")))
                .containsExactly(
                        file + ":2: limits.tags: found a list, wanted one value",
                        file + ":4: limits.name: found a second time, first in line 3",
                        file + ":1: http.port: found \"70000\", wanted a whole number from 0 to 65535",
                        file + ":5: unknown key just.nested; metricstream serve --help lists them all",
                        "METRICSTREAM_DURABILITY: durability: found \"never\", wanted one of fsync, os, memory",
                        "--set: http.max-body: found \"huge\", wanted a size from 1KiB to 1GiB, such as 512k or 64MiB",
                        "--set novalue: found no value, wanted key=value",
                        "--slots: ring.slots: found \"1000\", wanted a power of two from 2 to 1048576");
    }

    @Test
    void brokenAndMissingFilesAreToldWithTheirPlace() throws Exception {
        Path broken = yaml("http:\n  port: \"1\n");
        assertThat(problems(l -> l.file(broken))).singleElement().asString().startsWith(broken + ":2: not YAML: ");
        Path missing = folder.resolve("missing.yaml");
        assertThat(problems(l -> l.file(missing)))
                .containsExactly(missing + ": found no such file, wanted the configuration");
        Path words = folder.resolve("words.yaml");
        Files.writeString(words, "just words\n");
        assertThat(problems(l -> l.file(words))).singleElement().asString().contains("found a value without a key");
    }

    @Test
    void secretsAreMaskedWhereverTheyAreShown() throws Exception {
        var key = new ConfigKey<>("a.token", ValueKind.integer(0, 9_999), ConfigDefault.of("0"), "A secret.", true);
        assertThat(new ConfigLoader(List.of(key), MACHINE)
                        .set("a.token=1234")
                        .resolve()
                        .lines())
                .containsExactly("a.token = ******** (--set)");
        assertThatThrownBy(() -> new ConfigLoader(List.of(key), MACHINE)
                        .set("a.token=hunter2")
                        .resolve())
                .hasMessage("--set: a.token: found \"********\", wanted a whole number from 0 to 9999");
    }

    @Test
    void defaultsFollowTheMachine() throws Exception {
        Settings small = new ConfigLoader(new Machine(16L << 20, 1, 1 << 20)).resolve();
        Settings large = new ConfigLoader(new Machine(4L << 30, 8, 1 << 20)).resolve();
        assertThat(small.get(ConfigKeys.RING_MAX_BYTES)).isEqualTo(8L << 20);
        assertThat(large.get(ConfigKeys.RING_MAX_BYTES)).isEqualTo(253L << 20);
        assertThat(small.get(ConfigKeys.HTTP_EVENT_LOOPS)).isEqualTo(1);
        assertThat(large.get(ConfigKeys.HTTP_EVENT_LOOPS)).isEqualTo(7);
        assertThat(large.get(ConfigKeys.LIMITS_SERIES)).isEqualTo((int) ((4L << 30) / 640));
        assertThat(large.get(ConfigKeys.HTTP_MAX_CONNECTIONS)).isEqualTo(20_000);
    }

    /** What fills up may do so at the same time. */
    @Test
    void whatIsBoundedInBytesFitsIntoTheHeapTogether() throws Exception {
        for (long heap : new long[] {128L << 20, 256L << 20, 800L << 20, 64L << 30}) {
            Settings settings = new ConfigLoader(new Machine(heap, 2, 1 << 20)).resolve();
            long together = settings.get(ConfigKeys.HEAD_MAX_BYTES)
                    + settings.get(ConfigKeys.LIMITS_SERIES_BYTES)
                    + settings.get(ConfigKeys.PARSE_MEMORY)
                    + settings.get(ConfigKeys.QUERY_MEMORY)
                    + settings.get(ConfigKeys.RING_MAX_BYTES)
                    + settings.get(ConfigKeys.HTTP_BODY_MEMORY);
            assertThat(together).isBetween(heap / 2, heap);
            assertThat(settings.get(ConfigKeys.QUERY_MAX_MEMORY)).isLessThan(settings.get(ConfigKeys.QUERY_MEMORY));
        }
    }

    @Test
    void defaultOfConnectionsLeavesFilesForTheLog() throws Exception {
        for (long files : new long[] {64, 256, 1024, 4096, 20_000}) {
            int connections =
                    new ConfigLoader(new Machine(1L << 30, 2, files)).resolve().get(ConfigKeys.HTTP_MAX_CONNECTIONS);
            assertThat((long) connections).isPositive().isLessThanOrEqualTo(Math.max(1, files - 128));
        }
    }

    @Test
    void valuesHaveTheirTypes() throws Exception {
        Settings settings = loader().set("retention.time=infinite")
                .set("durability=os")
                .set("wal.segment=512k")
                .set("jsonl.path=/tmp/a b.jsonl")
                .resolve();
        assertThat(settings.get(ConfigKeys.RETENTION_TIME).toMillis()).isEqualTo(Long.MAX_VALUE);
        assertThat(settings.get(ConfigKeys.DURABILITY)).isEqualTo(Durability.OS);
        assertThat(settings.get(ConfigKeys.WAL_SEGMENT)).isEqualTo(512 << 10);
        assertThat(settings.get(ConfigKeys.JSONL_PATH)).contains(Path.of("/tmp/a b.jsonl"));
    }

    @Test
    void readsSizes() {
        Map<String, Long> sizes = Map.of(
                "0",
                0L,
                "17",
                17L,
                "5B",
                5L,
                "512k",
                512L << 10,
                "64MiB",
                64L << 20,
                "1g",
                1L << 30,
                "2 GiB",
                2L << 30,
                "1kB",
                1000L,
                "3MB",
                3_000_000L);
        sizes.forEach((text, bytes) ->
                assertThat(Quantities.parseBytes(text)).as(text).contains(bytes));
        for (String bad : List.of("", "k", "1.5g", "-1", "1x", "1 k b", "0x10", "9999999999999999", "99999999999t")) {
            assertThat(Quantities.parseBytes(bad)).as(bad).isEmpty();
        }
    }

    @Test
    void readsDurations() {
        Map<String, Duration> durations = Map.of(
                "0", Duration.ZERO,
                "500ms", Duration.ofMillis(500),
                "10s", Duration.ofSeconds(10),
                "10m", Duration.ofMinutes(10),
                "1h30m", Duration.ofMinutes(90),
                "30d", Duration.ofDays(30),
                "1w2d3h4m5s6ms",
                        Duration.ofDays(9)
                                .plusHours(3)
                                .plusMinutes(4)
                                .plusSeconds(5)
                                .plusMillis(6));
        durations.forEach(
                (text, d) -> assertThat(Quantities.parseDuration(text)).as(text).contains(d));
        for (String bad : List.of("", "10", "s", "1.5h", "-1s", "30m1h", "10S", "1y", "infinite", "99999999999s")) {
            assertThat(Quantities.parseDuration(bad)).as(bad).isEmpty();
        }
    }

    @Test
    void documentationHasTheTable() throws Exception {
        Path page = Path.of("..", "docs", "configuration.md");
        assertThat(Files.readString(page))
                .as("docs/configuration.md must hold this table:%n%s", ConfigListing.markdown())
                .contains(ConfigListing.markdown());
        assertThat(ConfigKeys.ALL.stream().map(ConfigKey::name).collect(Collectors.toSet()))
                .hasSameSizeAs(ConfigKeys.ALL);
    }
}
