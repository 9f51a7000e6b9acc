package io.metricstream.storage.part;

import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.List;

/** Checks every byte of a part and changes nothing. Stateless. */
public final class PartVerifier {
    private PartVerifier() {}

    /** What is wrong with a part; nothing where all is well. Fails only where the file cannot be read at all. */
    public static List<PartFinding> verify(Disk disk, Path path) throws StorageFailure {
        try {
            Part.open(disk, path).close();
            return List.of();
        } catch (StorageFailure.Corrupt damage) {
            return List.of(new PartFinding(0, String.valueOf(damage.getMessage())));
        }
    }
}
