package io.metricstream.server;

import java.nio.file.Files;
import java.nio.file.Path;

/** What a folder must look like for the commands that read one. Stateless. */
final class DataFolders {
    static final String PROBLEM = "found no folder wal or parts in it, wanted a data folder";

    private DataFolders() {}

    static boolean looksLikeOne(Path folder) {
        return Files.isDirectory(folder.resolve("wal")) || Files.isDirectory(folder.resolve("parts"));
    }
}
