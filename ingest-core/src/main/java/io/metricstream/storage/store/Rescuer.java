package io.metricstream.storage.store;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.Quarantine;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.part.PartRescue;
import io.metricstream.storage.part.PartVerifier;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deals with a part that a reader could not read: reads all of it again, and where it is damaged indeed, puts what can be
 * read of it in its place and the file into the quarantine.
 *
 * <p>Thread: COMPACTOR. Fails: {@link StorageFailure}, after which everything is as before.
 */
@OwnedBy(Role.COMPACTOR)
final class Rescuer {
    private static final Logger LOG = LoggerFactory.getLogger(Rescuer.class);

    private final Disk disk;
    private final Path dataFolder;
    private final PartFiles files;
    private final PartSet set;
    private final StoreStats stats;
    /** Whole when they were read again; the next time they are written anew all the same. */
    private final Set<Path> readAgain = new HashSet<>();

    Rescuer(Disk disk, Path dataFolder, PartFiles files, PartSet set, StoreStats stats) {
        this.disk = disk;
        this.dataFolder = dataFolder;
        this.files = files;
        this.set = set;
        this.stats = stats;
    }

    void rescue(LivePart part) throws StorageFailure {
        Path path = part.path();
        List<String> findings = PartVerifier.verify(disk, path);
        if (findings.isEmpty() && readAgain.add(path)) {
            LOG.warn("a part that could not be read can be read again: path={}", path);
            set.replace(List.of(part), List.of(files.open(path)));
            return;
        }
        PartRescue.Rescued rescued =
                PartRescue.rescue(disk, path, new Quarantine(disk, dataFolder), PartFiles.quarantineName(path));
        set.replace(List.of(part), rescued.keptSamples() == 0 ? List.of() : List.of(files.open(path)));
        long lost = part.header().samples() - rescued.keptSamples();
        stats.onLost(lost);
        LOG.error(
                "a damaged part is set aside: path={}, now={}, samples-kept={}, samples-lost={}, damages={}",
                path,
                rescued.setAside(),
                rescued.keptSamples(),
                lost,
                rescued.damages());
    }
}
