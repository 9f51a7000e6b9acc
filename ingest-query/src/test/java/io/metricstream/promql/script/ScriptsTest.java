package io.metricstream.promql.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Scripts of ours, whose expected values another engine computed. */
final class ScriptsTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    @TempDir
    private static Path folder;

    @TestFactory
    List<DynamicTest> scripts() throws Exception {
        System.out.println("ScriptsTest: seed=" + SEED);
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/promql"))) {
            return files.filter(file -> file.toString().endsWith(".test"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> run(file)))
                    .toList();
        }
    }

    private static void run(Path file) throws Exception {
        try (var target = new EngineTarget(folder, new Random(SEED))) {
            ScriptRunner.Outcome outcome = new ScriptRunner(target).run(Files.readString(file));
            assertThat(outcome.problems()).isEmpty();
            assertThat(outcome.passed()).isGreaterThan(10);
            assertThat(outcome.skipped()).isEmpty();
        }
    }
}
