package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.promql.script.ScriptRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The reference's scripts and ours, of one real server over HTTP, one after the other: what it wrote, and what it is asked. */
final class ScriptsOverHttpTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final Path OURS = Path.of("../ingest-query/src/test/resources/promql");

    @TempDir
    private static Path data;

    private static LiveServer server;
    private static ScriptRunner runner;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("ScriptsOverHttpTest: seed=" + SEED);
        server = LiveServer.start(
                data, "retention.time=infinite", "rate-limit.samples=0", "limits.new-series=0", "head.max-age=1s");
        runner = new ScriptRunner(new ServerTarget(server.port(), new Random(SEED)));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @TestFactory
    List<DynamicTest> ours() throws IOException {
        return tests(OURS);
    }

    @TestFactory
    List<DynamicTest> theReferences() throws IOException {
        try {
            return tests(ConformanceFiles.find("promql"));
        } catch (TestAbortedException missing) {
            // A factory that is aborted counts as nothing, a test that is as skipped.
            return List.of(DynamicTest.dynamicTest("scripts", () -> {
                throw missing;
            }));
        }
    }

    private static List<DynamicTest> tests(Path folder) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(".test"))
                    .sorted()
                    .forEach(file -> tests.add(
                            DynamicTest.dynamicTest(file.getFileName().toString(), () -> assertThat(problems(file))
                                    .isEmpty())));
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private static List<String> problems(Path file) throws Exception {
        ScriptRunner.Outcome outcome = runner.run(Files.readString(file));
        System.out.println(file.getFileName() + " over HTTP: " + outcome);
        assertThat(outcome.passed()).isPositive();
        return outcome.problems();
    }
}
