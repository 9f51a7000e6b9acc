package io.metricstream.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The cases that nobody here wrote; tests of them are skipped where the folder is missing. */
final class ConformanceFiles {
    private ConformanceFiles() {}

    /** A file or a folder of them. */
    static Path find(String file) {
        for (String root :
                List.of(System.getProperty("conformance.dir", "../shared/conformance"), "../../shared/conformance")) {
            if (Files.exists(Path.of(root, file))) {
                return Path.of(root, file);
            }
        }
        assumeTrue(false, "no conformance files; -Dconformance.dir names their folder");
        return Path.of(file);
    }
}
