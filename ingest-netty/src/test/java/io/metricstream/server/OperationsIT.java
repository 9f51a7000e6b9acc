package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statistics of a running server, against what docs, dashboard and alerts say that there is. */
final class OperationsIT {
    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (metricstream_\\w+) (\\w+)$");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(metricstream_\\w+)` \\| (\\w+) \\| .+ \\|$");
    private static final Pattern NAME = Pattern.compile("metricstream_[a-z_]+[a-z]");

    private static String exposition = "";

    @Test
    void everyStatisticIsDocumentedAndNothingElseIs() throws Exception {
        assertThat(matches(DOCUMENTED, read("docs/operations.md"))).isEqualTo(families(exposition));
    }

    @Test
    void dashboardAndAlertsAskForStatisticsThatThereAre() throws Exception {
        for (String file : Set.of("docker/grafana/dashboards/metricstream.json", "docker/alerts.yml")) {
            Set<String> asked =
                    NAME.matcher(read(file)).results().map(m -> m.group()).collect(Collectors.toSet());
            assertThat(asked).as(file).isNotEmpty().allSatisfy(name -> assertThat(exposition)
                    .containsPattern("(?m)^" + name + "[{ ]"));
        }
    }

    /** What there is after one sample was stored, one rejected and one request refused, and the clients were looked at. */
    @BeforeAll
    static void scrape(@TempDir Path folder) throws Exception {
        String lines = "jsonl.path=" + folder.resolve("metrics.jsonl");
        try (ServerProcess server = ServerProcess.start(
                        folder.resolve("data"),
                        folder.resolve("server.log"),
                        "--set",
                        lines,
                        "--set",
                        "rate-limit.samples=1")
                .awaitReady()) {
            server.post("/metrics", "{\"metrics\":[{\"name\":\"a\",\"value\":1}]}");
            server.post("/metrics", "{\"metrics\":[{\"name\":\"a\",\"value\":\"high\"}]}");
            server.post("/metrics", "{\"metrics\":[{\"name\":\"a\",\"value\":1},{\"name\":\"a\",\"value\":2}]}");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            do {
                TimeUnit.MILLISECONDS.sleep(50);
                exposition = server.scrape();
            } while (!exposition.contains("metricstream_client_requests_refused{") && System.nanoTime() < deadline);
        }
    }

    /** Name and type of each family; a maximum belongs to the histogram it is the maximum of. */
    private static Set<String> families(String exposition) {
        Set<String> families = matches(FAMILY, exposition);
        families.removeIf(family ->
                family.endsWith("_max gauge") && families.contains(family.replace("_max gauge", " histogram")));
        return families;
    }

    private static Set<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1) + " " + match.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(String file) throws IOException {
        return Files.readString(REPOSITORY.resolve(file));
    }
}
