package io.metricstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name is there: classes, their members, files, alerts. */
final class DocumentsTest {
    private static final Path REPOSITORY = Path.of("..");

    /** A word with two humps or more, and a member behind a dot: {@code DiskWriter}, {@code DiskWriter.onEvent}. */
    private static final Pattern CLASS =
            Pattern.compile("\\b([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+)\\b(?:\\.([a-z]\\w+))?");

    /** Words that look like classes of ours in the documents that speak of code. */
    private static final Set<String> NOT_OURS = Set.of("MetricStream", "JavaScript");

    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final Pattern ALERT = Pattern.compile("(?m)^      - alert: (\\w+)$");
    private static final Pattern DOCUMENTED_ALERT = Pattern.compile("`(MetricStream\\w+)`");

    private static final Pattern ERROR_CODE = Pattern.compile(
            "(?:\\b(?:Refusal\\.of|new Refusal)\\(\\s*\\d+,|\\bunavailable\\(|\\bINVALID_\\w+ =)\\s*\"([a-z_]+)\"");

    /** The first cell of a row about what the log says, and what is said in the sources. */
    private static final Pattern DOCUMENTED_LINE =
            Pattern.compile("(?m)^\\| (`.+`) \\| (?:INFO|WARN|ERROR) \\| (.+) \\|$");

    private static final Pattern PHRASE = Pattern.compile("`([a-zA-Z][^`.]*)`");
    private static final Pattern LOGGED =
            Pattern.compile("(?:LOG|log)\\s*\\.(?:info|warn|error|log)\\(\\s*\"((?:[^\"\\\\]|\\\\.)+)\"");

    private static final Pattern ROUTE =
            Pattern.compile("(?m)^    [A-Z_]+\\((?:\"/api/v1/[^\"]+\", )?\"([a-z_]+)\"[,)]");

    private static final Pattern BACKTICKED = Pattern.compile("`([a-z_]+)`");

    private static List<Path> documents(Path folder, int depth) throws IOException {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static Set<String> inSources(Pattern pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        for (String sources : List.of("ingest-core/src/main", "ingest-netty/src/main")) {
            try (Stream<Path> files = Files.walk(REPOSITORY.resolve(sources))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    found.addAll(words(pattern, file));
                }
            }
        }
        return found;
    }

    private static Set<String> words(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void classesAndMembersExist() throws IOException {
        Map<String, Path> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(REPOSITORY)) {
            files.filter(path -> path.toString().endsWith(".java"))
                    .forEach(path -> sources.put(path.getFileName().toString().replace(".java", ""), path));
        }
        List<Path> documents = new ArrayList<>(documents(REPOSITORY.resolve("docs/decisions"), 1));
        documents.add(REPOSITORY.resolve("docs/architecture.md"));
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (Path document : documents) {
            Matcher name = CLASS.matcher(Files.readString(document));
            while (name.find()) {
                Path source = sources.get(name.group(1));
                boolean member = name.group(2) == null
                        || (source != null && Files.readString(source).contains(name.group(2) + "("));
                if (source != null && member) {
                    found++;
                } else if (!NOT_OURS.contains(name.group(1))) {
                    missing.add(REPOSITORY.relativize(document) + ": " + name.group());
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(20);
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<Path> documents = new ArrayList<>(documents(REPOSITORY, 1));
        documents.addAll(documents(REPOSITORY.resolve("docs"), 5));
        List<String> dead = new ArrayList<>();
        for (Path document : documents) {
            words(LINK, document).stream()
                    .filter(link -> Files.notExists(document.resolveSibling(link)))
                    .forEach(link -> dead.add(REPOSITORY.relativize(document) + ": " + link));
        }
        assertThat(documents).hasSizeGreaterThan(5);
        assertThat(dead).isEmpty();
    }

    @Test
    void everyAlertSaysWhatToDo() throws IOException {
        Set<String> alerts = words(ALERT, REPOSITORY.resolve("docker/alerts.yml"));
        assertThat(alerts).isNotEmpty();
        assertThat(words(DOCUMENTED_ALERT, REPOSITORY.resolve("docs/operations.md")))
                .isEqualTo(alerts);
    }

    @Test
    void linesWorthASearchAreLogged() throws IOException {
        Set<String> logged = inSources(LOGGED);
        List<String> phrases = new ArrayList<>();
        Matcher row = DOCUMENTED_LINE.matcher(Files.readString(REPOSITORY.resolve("docs/operations.md")));
        while (row.find()) {
            PHRASE.matcher(row.group(1)).results().forEach(phrase -> phrases.add(phrase.group(1)));
            PHRASE.matcher(row.group(2))
                    .results()
                    .filter(phrase -> phrase.group(1).contains(" "))
                    .forEach(phrase -> phrases.add(phrase.group(1)));
        }
        assertThat(phrases).hasSizeGreaterThan(15).contains("the log has room again", "stopped: exit=");
        assertThat(phrases).allSatisfy(phrase -> assertThat(logged).anyMatch(line -> line.startsWith(phrase)));
    }

    @Test
    void everyRouteOfTheStatisticsIsNamed() throws IOException {
        Path http = REPOSITORY.resolve("ingest-netty/src/main/java/io/metricstream/http");
        Set<String> routes = new TreeSet<>(words(ROUTE, http.resolve("Route.java")));
        routes.addAll(words(ROUTE, http.resolve("ApiCall.java")));
        assertThat(routes).contains("write", "none", "status_tsdb", "export");
        assertThat(words(BACKTICKED, REPOSITORY.resolve("docs/operations.md"))).containsAll(routes);
    }

    @Test
    void everyErrorCodeSaysWhetherToRetry() throws IOException {
        Set<String> codes = inSources(ERROR_CODE);
        assertThat(codes).contains("bad_http", "ring_full", "rate_limited", "invalid_json", "body_too_large");
        assertThat(words(BACKTICKED, REPOSITORY.resolve("docs/operations.md"))).containsAll(codes);
    }
}
