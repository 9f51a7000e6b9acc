package io.metricstream.promql.parse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The cases that nobody here wrote; tests of them are skipped where the folder is missing. */
public final class ConformanceFiles {
    private ConformanceFiles() {}

    /** The folder with the cases of PromQL. */
    public static Path promql() {
        Path folder = Path.of(System.getProperty("conformance.dir", "../../shared/conformance"))
                .resolve("promql");
        Assumptions.assumeTrue(Files.isDirectory(folder), "no conformance files");
        return folder;
    }

    static String read(String name) throws IOException {
        return Files.readString(promql().resolve(name));
    }
}
