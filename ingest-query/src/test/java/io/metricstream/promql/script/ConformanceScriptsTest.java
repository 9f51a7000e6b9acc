package io.metricstream.promql.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.promql.parse.ConformanceFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The reference's own scripts, over a store of memory and parts that are cut at random. */
final class ConformanceScriptsTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    @TempDir
    private static Path folder;

    @TestFactory
    List<DynamicTest> scripts() throws Exception {
        System.out.println("ConformanceScriptsTest: seed=" + SEED);
        try (Stream<Path> files = Files.list(ConformanceFiles.promql())) {
            return files.filter(file -> file.toString().endsWith(".test"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> run(file)))
                    .toList();
        } catch (TestAbortedException missing) {
            // A factory that is aborted counts as nothing, a test that is as skipped.
            return List.of(DynamicTest.dynamicTest("scripts", () -> {
                throw missing;
            }));
        }
    }

    private static void run(Path file) throws Exception {
        try (var target = new EngineTarget(folder, new Random(SEED))) {
            ScriptRunner.Outcome outcome = new ScriptRunner(target).run(Files.readString(file));
            System.out.println(file.getFileName() + ": " + outcome);
            assertThat(outcome.problems()).isEmpty();
            assertThat(outcome.passed()).isPositive();
        }
    }
}
