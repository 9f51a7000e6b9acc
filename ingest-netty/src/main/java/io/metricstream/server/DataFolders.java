package io.metricstream.server;

import io.metricstream.repair.SnapshotRestore;
import io.metricstream.storage.RealDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a folder must look like for the commands that read one. Stateless. */
final class DataFolders {
    private DataFolders() {}

    /** Why this is no data folder; nothing where it is one. */
    static Optional<String> problem(Path folder) {
        Optional<String> unfinished = unfinished(folder);
        if (unfinished.isPresent()) {
            return unfinished;
        }
        return Files.isDirectory(folder.resolve("wal")) || Files.isDirectory(folder.resolve("parts"))
                ? Optional.empty()
                : Optional.of(folder + ": found no folder wal or parts in it, wanted a data folder");
    }

    /** Why nothing may be done with this folder yet, whatever else it may be. */
    static Optional<String> unfinished(Path folder) {
        return SnapshotRestore.isUnfinished(new RealDisk(), folder)
                ? Optional.of(folder + ": found what a restore left that did not come to its end; restore again")
                : Optional.empty();
    }

    /** Ends the command where this is no data folder. */
    static void require(Path folder) throws CommandFailure {
        Optional<String> problem = problem(folder);
        if (problem.isPresent()) {
            throw CommandFailure.usage(problem.get());
        }
    }
}
