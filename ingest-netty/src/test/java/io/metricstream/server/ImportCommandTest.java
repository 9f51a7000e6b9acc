package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.metricstream.server.CommandsTest.Run;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files sent to a server by the command, in this process. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ImportCommandTest {
    private static final String ALL = "{__name__=~\".+\"}";
    private static final String[] SERVER = {"retention.time=infinite", "rate-limit.samples=0"};

    @TempDir
    private Path folder;

    private static Run importing(int port, Object... args) {
        List<String> all = new ArrayList<>(List.of("import", "--server", "http://127.0.0.1:" + port));
        for (Object arg : args) {
            all.add(arg.toString());
        }
        return CommandsTest.run(all.toArray(String[]::new));
    }

    private static String export(int port) throws Exception {
        return new ApiClient(port).postForm("/api/v1/export", "match[]", ALL).body();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String gauge(String name, int value, long timestamp) {
        return "{\"name\":\"" + name + "\",\"value\":" + value + ",\"timestamp\":" + timestamp + "}\n";
    }

    private static String line(String name, String values, String timestamps) {
        return "{\"metric\":{\"__name__\":\"" + name + "\"},\"values\":[" + values + "],\"timestamps\":[" + timestamps
                + "]}\n";
    }

    /** Random series of all types and any finite values, which every format can hold. */
    private static String samples(Random random) {
        String[] types = {"gauge", "counter", "histogram", "summary"};
        var text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            double any = Double.longBitsToDouble(random.nextLong());
            int series = random.nextInt(50);
            text.append("{\"name\":\"m")
                    .append(series % 7)
                    .append("\",\"value\":")
                    .append(Double.isFinite(any) ? any : -0.0);
            text.append(",\"timestamp\":")
                    .append(1_000_000_000_000L - (i % 2000 == 0 ? random.nextLong() >>> 13 : random.nextInt()))
                    .append(",\"type\":\"")
                    .append(types[series % 4]);
            text.append("\",\"tags\":{\"s,é\\\"\":\"").append(series).append(" \\\\\"}}\n");
        }
        return text.toString();
    }

    @Test
    void takesBackWhatWasExportedInAnyFormat() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ImportCommandTest seed " + seed);
        Path json = file("a.jsonl", samples(new Random(seed)));
        Path data = folder.resolve("a");
        String all;
        try (LiveServer server = LiveServer.start(data, SERVER)) {
            Run run = importing(server.port(), json);
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err())
                    .contains("imported 20000 samples of 20000 lines in 1 file; refused 0 samples, bad lines 0");
            all = export(server.port());
            assertThat(all.lines().count()).isGreaterThan(40);
        }
        Path exported = folder.resolve("out.jsonl");
        assertThat(CommandsTest.run("export", "--data", data.toString(), "-o", exported.toString())
                        .exitCode())
                .isZero();
        Path csv = folder.resolve("out.csv");
        assertThat(CommandsTest.run("export", "--data", data.toString(), "--format", "csv", "-o", csv.toString())
                        .exitCode())
                .isZero();
        Path packed = folder.resolve("series.jsonl.zst");
        Files.write(packed, Zstd.compress(all.getBytes(StandardCharsets.UTF_8)));
        Path gzip = folder.resolve("out.csv.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(Files.readAllBytes(csv));
        }
        int copy = 0;
        for (Path from : List.of(exported, csv, packed, gzip)) {
            try (LiveServer server = LiveServer.start(folder.resolve("copy" + copy++), SERVER)) {
                Run run = importing(server.port(), from, "--batch", "777");
                assertThat(run.exitCode()).as(run.err()).isZero();
                assertThat(export(server.port())).as("%s", from).isEqualTo(all);
            }
        }
    }

    @Test
    void readsStandardInputAndSeveralFiles() throws Exception {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("# TYPE a counter\na 1 5\na NaN 6".getBytes(StandardCharsets.UTF_8)));
        try (LiveServer server = LiveServer.start(folder.resolve("data"), SERVER)) {
            Path more = file("b.openmetrics", "b 2 7.5\n# EOF\n");
            Run run = importing(server.port(), "--format", "prometheus", "-");
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(importing(server.port(), more, file("c.csv", "timestamp,name,value,type,tags\n"))
                            .err())
                    .contains("imported 1 samples of 3 lines in 2 files");
            assertThat(export(server.port()))
                    .isEqualTo(
                            "{\"metric\":{\"__name__\":\"a\"},\"type\":\"counter\",\"values\":[1,\"NaN\"],\"timestamps\":[5,6]}\n"
                                    + line("b", "2", "7500"));
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void endsAtABadLineAndGoesOnWhereItWasMended() throws Exception {
        Path resume = folder.resolve("resume");
        Path text = file("a.prom", "a 1 1\na 2 2\na x 3\na 4 4\n# TYPE b counter\nb 5 5\n");
        try (LiveServer server = LiveServer.start(folder.resolve("data"), SERVER)) {
            Run run = importing(server.port(), text, "--resume", resume);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains(text + ", line 3: value: found \"x\", wanted a decimal number");
            assertThat(export(server.port())).isEqualTo(line("a", "1,2", "1,2"));
            assertThat(importing(server.port(), text, "--resume", resume).exitCode())
                    .isEqualTo(1);
            file("a.prom", "a 1 1\na 2 2\na 3 3\na 4 4\n# TYPE b counter\nb 5 5\n");
            run = importing(server.port(), text, "--resume", resume);
            assertThat(run.err()).contains("imported 3 samples of 4 lines");
            String all = line("a", "1,2,3,4", "1,2,3,4")
                    + line("b", "5", "5").replace(",\"values", ",\"type\":\"counter\",\"values");
            assertThat(export(server.port())).isEqualTo(all);
            assertThat(importing(server.port(), text, "--resume", resume).err())
                    .contains("imported 0 samples of 0 lines");
            file("a.prom", "a 1 1\na 2 22\na 3 3\na 4 4\n# TYPE b counter\nb 5 5\n");
            assertThat(importing(server.port(), text, "--resume", resume).err())
                    .contains("line 6 ends at byte ", " as before: it is another file");
            file("a.prom", "a 1 1\n");
            assertThat(importing(server.port(), text, "--resume", resume).err())
                    .contains("found 1 lines, wanted at least 6");
            Files.writeString(resume, "?");
            Run broken = importing(server.port(), text, "--resume", resume);
            assertThat(broken.exitCode()).isEqualTo(1);
            assertThat(broken.err()).contains("wanted what an import has remembered there");
        }
    }

    @Test
    void leavesOutWhatIsBadAndNamesTheLineThatTheServerRefuses() throws Exception {
        Path text = file(
                "a.jsonl",
                gauge("a", 1, 1) + "\n{\n" + gauge("a", 2, 2) + gauge("a", 3, Long.MAX_VALUE) + gauge("b", 4, 4));
        try (LiveServer server =
                LiveServer.start(folder.resolve("data"), "retention.time=infinite", "limits.series-per-metric=9")) {
            Run run = importing(server.port(), text, "--skip-bad");
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err())
                    .contains(
                            text + ", line 2: the line: found nothing",
                            text + ", line 3: not JSON",
                            text + ", line 5: timestamps: at index 0: found 9223372036854775807")
                    .contains("imported 3 samples of 6 lines in 1 file; refused 1 samples, bad lines 2");
            assertThat(export(server.port())).isEqualTo(line("a", "1,2", "1,2") + line("b", "4", "4"));
            Run strict = importing(server.port(), file("b.jsonl", gauge("c", 1, 1) + gauge("c", 3, Long.MAX_VALUE)));
            assertThat(strict.exitCode()).isEqualTo(1);
            assertThat(strict.err()).contains("b.jsonl, line 2: timestamps: at index 0: found 9223372036854775807");
            assertThat(export(server.port())).contains(line("c", "1", "1"));
            Run cut = importing(server.port(), file("d.om", "d 1 1\n"));
            assertThat(cut.exitCode()).isEqualTo(1);
            assertThat(cut.err()).contains("d.om, line 2: found the end of the file, wanted # EOF");
        }
    }

    @Test
    void givesOneTimeToSamplesWithoutAlsoWhenItGoesOn() throws Exception {
        Path resume = folder.resolve("resume");
        Path text = file("a.prom", "a 1\n?\n");
        try (LiveServer server = LiveServer.start(folder.resolve("data"), SERVER)) {
            assertThat(importing(server.port(), text, "--resume", resume).exitCode())
                    .isEqualTo(1);
            file("a.prom", "a 1\nb 2\n");
            assertThat(importing(server.port(), text, "--resume", resume).exitCode())
                    .isZero();
            String[] all = export(server.port()).split("\n", -1);
            assertThat(all[0].replaceAll(".*timestamps", "")).isEqualTo(all[1].replaceAll(".*timestamps", ""));
        }
    }

    /** Answers as told, then 204. */
    private record Scripted(HttpServer server, List<byte[]> bodies) implements AutoCloseable {
        static Scripted start(int... statuses) throws IOException {
            List<byte[]> bodies = new ArrayList<>();
            var asked = new AtomicInteger();
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                bodies.add(exchange.getRequestBody().readAllBytes());
                int at = asked.getAndIncrement();
                answer(exchange, at < statuses.length ? statuses[at] : 204);
            });
            server.start();
            return new Scripted(server, bodies);
        }

        private static void answer(HttpExchange exchange, int status) throws IOException {
            exchange.getResponseHeaders().add("Retry-After", "1");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        }

        int port() {
            return server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    @Test
    void sendsAgainWhatTheServerHasNoTimeFor() throws Exception {
        Path text = file("a.prom", "a 1 1\n");
        try (Scripted server = Scripted.start(503, 429)) {
            Run run = importing(server.port(), text);
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err()).contains("requests sent again 2");
            assertThat(server.bodies()).hasSize(3);
            assertThat(server.bodies().get(2)).isEqualTo(server.bodies().get(0));
        }
        try (Scripted server = Scripted.start(401)) {
            Run run = importing(server.port(), text);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("was answered 401, wanted 204", "--key");
        }
    }

    /** Every request may be the last one: the run after it must end with what is right. */
    @Test
    void losesNothingWhereverItIsInterrupted() throws Exception {
        var text = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            text.append(gauge("a" + i % 3, i, i));
        }
        Path from = file("a.jsonl", text.toString());
        String whole = null;
        for (int requests = 0; requests <= 10; requests++) {
            int[] statuses = new int[requests + 1];
            Arrays.fill(statuses, 204);
            statuses[requests] = 500;
            Path resume = folder.resolve("resume" + requests);
            List<byte[]> bodies = new ArrayList<>();
            try (Scripted server = Scripted.start(statuses)) {
                int exitCode = importing(server.port(), from, "--resume", resume, "--batch", "10")
                        .exitCode();
                assertThat(exitCode).isEqualTo(requests < 10 ? 1 : 0);
                bodies.addAll(server.bodies()
                        .subList(0, Math.min(requests, server.bodies().size())));
            }
            try (Scripted server = Scripted.start()) {
                assertThat(importing(server.port(), from, "--resume", resume, "--batch", "10")
                                .exitCode())
                        .isZero();
                bodies.addAll(server.bodies());
            }
            var sent = new StringBuilder();
            bodies.forEach(body -> sent.append(new String(body, StandardCharsets.UTF_8)));
            whole = whole == null ? sent.toString() : whole;
            assertThat(sent.toString()).as("interrupted after %d", requests).isEqualTo(whole);
        }
        assertThat(whole).isNotNull();
        assertThat(whole.lines()).hasSize(100);
    }

    @Test
    void saysAllThatIsWrongWithItsOptions() throws Exception {
        Run run = CommandsTest.run(
                "import",
                folder.toString(),
                folder + "/none.csv",
                "--server",
                "ftp://x",
                "--key",
                "se cret",
                "--resume",
                folder + "/no/r",
                "--batch",
                "0");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "--server: found \"ftp://x\"",
                        "--key: found something else",
                        "--resume: found no folder",
                        "--batch: found \"0\"")
                .contains(folder + ": found a folder", "none.csv: found no file", "--format: found none")
                .doesNotContain("se cret");
        assertThat(CommandsTest.run("import").exitCode()).isEqualTo(2);
        assertThat(CommandsTest.run("import", "-").err()).contains("--format: found none, wanted one of");
    }
}
