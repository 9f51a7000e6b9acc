package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.Quarantine;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a whole part, of what can be read, in the place of a damaged one, which goes to the quarantine.
 *
 * <p>What is lost is what the damaged pages hold: the blocks of a page of samples, the series of a page of series; the label
 * index is made anew. Of a part that cannot be opened all is lost.
 *
 * <p>Thread: the caller's. Fails: {@link StorageFailure}, after which the damaged part is where it was.
 */
@OwnedBy(Role.COMPACTOR)
public final class PartRescue {
    private PartRescue() {}

    /**
     * What came of it.
     *
     * @param setAside where the damaged file is now
     * @param keptSamples those of the part in its place; with none there is no such part, and the caller deletes the file
     * @param damages what could not be read
     */
    public record Rescued(Path setAside, long keptSamples, List<String> damages) {
        public Rescued {
            damages = List.copyOf(damages);
        }
    }

    /**
     * Rescues a part.
     *
     * @param name what it is called in the quarantine
     */
    public static Rescued rescue(Disk disk, Path file, Quarantine quarantine, String name) throws StorageFailure {
        Path setAside = quarantine.keep(file, name);
        var damages = new Damages();
        try (Part part = Part.open(disk, file);
                SeriesCursor readable = part.reading(damages).select(Selection.ALL)) {
            PartSummary kept = PartWriter.write(disk, file, part.header().origin(), readable);
            List<String> stillWrong = kept.samples() == 0 ? List.of() : PartVerifier.verify(disk, file);
            return stillWrong.isEmpty()
                    ? new Rescued(setAside, kept.samples(), damages.found)
                    : new Rescued(setAside, 0, stillWrong);
        } catch (StorageFailure.Corrupt | RuntimeException senseless) {
            return new Rescued(setAside, 0, List.of(String.valueOf(senseless)));
        } catch (StorageFailure e) {
            DurableFiles.discard(disk, setAside, e);
            throw e;
        }
    }

    private static final class Damages implements PartDamage {
        private final List<String> found = new ArrayList<>();

        @Override
        public void onDamage(StorageFailure.Corrupt damage) {
            found.add(String.valueOf(damage.getMessage()));
        }

        @Override
        public boolean passesOver() {
            return true;
        }
    }
}
