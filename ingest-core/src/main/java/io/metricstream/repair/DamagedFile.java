package io.metricstream.repair;

import io.metricstream.storage.part.PartHeader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A file that is not what was written; of the log, {@link io.metricstream.storage.wal.WalDamage} says what is.
 *
 * @param reasons all that is wrong with it
 * @param part what a part says that it holds, where that can be read
 */
public record DamagedFile(Path path, Kind kind, List<String> reasons, Optional<PartHeader> part) {
    /** Files that are damaged as a whole. */
    public enum Kind {
        PART,
        DELETIONS,
        CHECKPOINT
    }

    public DamagedFile {
        reasons = List.copyOf(reasons);
    }

    /** What is gone with the file, as far as is known, where so many samples of it could be kept. */
    String loss(long keptSamples) {
        return switch (kind) {
            case PART ->
                part.map(header -> lost(header, keptSamples))
                        .orElse("the samples of this part; how many is not known, the file's name says of which day");
            case DELETIONS -> "the deletions in force; what they hid and is not gone from the disk yet shows again";
            case CHECKPOINT -> "nothing; more of the log is read than need be";
        };
    }

    private static String lost(PartHeader part, long keptSamples) {
        return "samples=" + (part.samples() - keptSamples) + " of " + part.samples() + ", series up to=" + part.series()
                + ", from=" + Instant.ofEpochMilli(part.minMillis()) + ", to=" + Instant.ofEpochMilli(part.maxMillis());
    }
}
