package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.server.CommandsTest.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queries asked by the command: of a server, and of its data folder. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class QueryCommandTest {
    private static final String INFINITE = "retention.time=infinite";

    @TempDir
    private Path folder;

    private static Run query(String... args) {
        List<String> all = new ArrayList<>(List.of("query"));
        all.addAll(List.of(args));
        return CommandsTest.run(all.toArray(String[]::new));
    }

    private static Run asking(int port, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--server", "http://127.0.0.1:" + port + "/"));
        return query(all.toArray(String[]::new));
    }

    private Run computing(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--data", data().toString()));
        return query(all.toArray(String[]::new));
    }

    private Path data() {
        return folder.resolve("data");
    }

    private static String lines(int from, int to) {
        var lines = new StringBuilder();
        for (int i = from; i <= to; i++) {
            lines.append(String.format(
                    Locale.ROOT,
                    "{\"name\":\"hits_total\",\"type\":\"counter\",\"value\":%d,\"timestamp\":%d,\"tags\":{\"host\":\"a\"}}%n",
                    i * 10,
                    i * 15_000L));
        }
        return lines.toString();
    }

    @Test
    void showsWhatTheServerAnswersInAnyFormat() throws Exception {
        try (LiveServer server = LiveServer.start(data(), INFINITE)) {
            new ApiClient(server.port()).write(lines(0, 20));
            Run table = asking(server.port(), "hits_total", "--to", "300000", "--format", "table");
            assertThat(table.exitCode()).as(table.err()).isZero();
            assertThat(table.out()).isEqualTo("VALUE  SERIES\n200    hits_total{host=\"a\"}\n");
            assertThat(table.err()).isEmpty();
            String[] range = {"rate(hits_total[1m])", "--from", "60000", "--to", "300000", "--step", "2m"};
            Run json = asking(server.port(), range);
            assertThat(json.out().strip())
                    .isEqualTo(new ApiClient(server.port())
                            .get("/api/v1/query_range", "query", range[0], "start", "60", "end", "300", "step", "120")
                            .body()
                            .strip());
            assertThat(asking(server.port(), with(range, "--format", "csv")).out())
                    .isEqualTo("""
                            timestamp,name,value,tags
                            1970-01-01T00:01:00.000Z,,0.6666666666666666,"{""host"":""a""}"
                            1970-01-01T00:03:00.000Z,,0.6666666666666666,"{""host"":""a""}"
                            1970-01-01T00:05:00.000Z,,0.6666666666666666,"{""host"":""a""}"
                            """);
            assertThat(asking(server.port(), with(range, "--format", "chart")).out())
                    .contains("│", "1970-01-01T00:05:00Z", "{host=\"a\"}  min 0.6667");
        }
    }

    private static String[] with(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** Samples in parts, in the log, and written again there, while the server runs and when it is gone. */
    @Test
    void computesFromAFolderWhatTheServerAnswers() throws Exception {
        String[] questions = {
            "hits_total[10m]", "sum by (host) (rate(hits_total[2m]))", "absent(none)", "time()", "'text'"
        };
        List<String> answers = new ArrayList<>();
        try (LiveServer server = LiveServer.start(data(), INFINITE)) {
            new ApiClient(server.port()).write(lines(0, 20));
        }
        assertThat(Files.isDirectory(data().resolve("parts"))).isTrue();
        try (LiveServer server = LiveServer.start(data(), INFINITE)) {
            new ApiClient(server.port()).write(lines(15, 40));
            for (String question : questions) {
                Run answered = asking(server.port(), question, "--to", "600000");
                Run computed = computing(question, "--to", "600000");
                assertThat(computed.exitCode()).as(computed.err()).isZero();
                assertThat(computed).isEqualTo(answered);
                answers.add(answered.out());
            }
        }
        assertThat(answers.get(0)).contains("[15,\"10\"]", "[600,\"400\"]");
        for (int i = 0; i < questions.length; i++) {
            assertThat(computing(questions[i], "--to", "600000").out()).isEqualTo(answers.get(i));
        }
    }

    @Test
    void marksWhereAQueryIsWrong() throws Exception {
        String problem = "metricstream: 1:10: parse error: unexpected ";
        String marked = "\n  sum(rate(]\n           ^\n";
        try (LiveServer server = LiveServer.start(data(), INFINITE)) {
            Run asked = asking(server.port(), "sum(rate(]");
            assertThat(asked.exitCode()).isEqualTo(2);
            assertThat(asked.err()).startsWith(problem).endsWith(marked);
            assertThat(asked.out()).isEmpty();
            Run computed = computing("sum(rate(]");
            assertThat(computed.exitCode()).isEqualTo(2);
            assertThat(computed.err()).isEqualTo(asked.err());
        }
    }

    @Test
    void tellsWarningsAndInfos() throws Exception {
        try (LiveServer server = LiveServer.start(data(), INFINITE)) {
            new ApiClient(server.port())
                    .write(lines(0, 1).replace("hits_total", "load").replace("counter", "gauge"));
            Run info = asking(server.port(), "rate(load[5m])", "--to", "15000");
            assertThat(info.exitCode()).isZero();
            assertThat(info.err())
                    .startsWith("metricstream: info: PromQL info: metric might not be a counter")
                    .contains("(1:6)");
            Run warning = computing("quantile(7, load)", "--to", "15000");
            assertThat(warning.exitCode()).isZero();
            assertThat(warning.err()).startsWith("metricstream: warning: PromQL warning: quantile value");
        }
    }

    @Test
    void endsWithOneWhereThereIsNoAnswer() throws Exception {
        Run nobody = query("up", "--server", "http://127.0.0.1:1");
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).isEqualTo("metricstream: http://127.0.0.1:1/api/v1/query: cannot connect\n");
        try (LiveServer server = LiveServer.start(data(), INFINITE)) {
            new ApiClient(server.port()).write(lines(0, 20));
            assertThat(asking(server.port(), "hits_total * on () group_left hits_total + on () vector(1)")
                            .exitCode())
                    .isZero();
            Run limited = computing("hits_total[1h]", "--to", "600000", "--set", "query.max-samples=1");
            assertThat(limited.exitCode()).as(limited.err()).isEqualTo(1);
            Run elsewhere = query("up", "--server", "http://127.0.0.1:" + server.port() + "/elsewhere");
            assertThat(elsewhere.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void asksWithAKey() throws Exception {
        Path keys = folder.resolve("keys.json");
        String key = CommandsTest.run("keys", "add", "reader", "--role", "read", "--file", keys.toString())
                .out()
                .strip();
        Path keyFile = Files.writeString(folder.resolve("key"), key + "\n");
        String admin = CommandsTest.run("keys", "add", "boss", "--role", "admin,read", "--file", keys.toString())
                .out()
                .strip();
        try (LiveServer server =
                LiveServer.start(data(), "auth.mode=keys", "auth.file=" + keys).authorization("Bearer " + admin)) {
            Run anonymous = asking(server.port(), "1");
            assertThat(anonymous.exitCode()).isEqualTo(1);
            assertThat(anonymous.err()).contains("; give a key that the server knows with --key or --key-file");
            Run known = asking(server.port(), "1", "--key-file", keyFile.toString());
            assertThat(known.exitCode()).as(known.err()).isZero();
        }
    }

    @Test
    void passesOverDamageAndSaysSo() throws Exception {
        try (LiveServer server = LiveServer.start(data(), INFINITE)) {
            new ApiClient(server.port()).write(lines(0, 20));
        }
        Path part;
        try (var files = Files.walk(data().resolve("parts"))) {
            part = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        Files.write(part, new byte[] {1}, StandardOpenOption.TRUNCATE_EXISTING);
        Run run = computing("hits_total", "--to", "300000");
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .startsWith("metricstream: cannot be read and is left out: ")
                .contains(part.getFileName().toString());
        assertThat(run.out()).contains("\"result\":[]");
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        Run run = query(
                "up", "--to", "x", "--step", "5", "--format", "chart", "--data", folder.toString(), "--key", "a b");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines())
                .hasSize(6)
                .anyMatch(line -> line.startsWith("metricstream: --to: found \"x\", wanted a time"))
                .contains(
                        "metricstream: --step: found without --from, wanted a range",
                        "metricstream: --format: found chart without --from, wanted a range to draw",
                        "metricstream: --data: found with --server or a key, wanted one or the other",
                        "metricstream: --key: found something else, wanted visible ASCII characters");
        assertThat(query("up", "--from", "2025-01-02", "--to", "2025-01-01", "--step", "x")
                        .err())
                .contains("--from: found 2025-01-02, wanted a time before that of --to", "--step: found \"x\"");
        assertThat(query("up", "--format", "xml").err())
                .contains("--format: found \"xml\", wanted one of table, json, csv, chart");
        assertThat(query().exitCode()).isEqualTo(2);
    }
}
