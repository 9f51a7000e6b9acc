package io.metricstream.storage.store;

import io.metricstream.model.EpochClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.Deletion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work in the background, one step at a time: drops what is too old or too much, merges, rewrites what has deleted
 * samples in it, and forgets deletions that are done.
 *
 * <p>Thread: COMPACTOR. Fails: a part that cannot be read is left as it is and not tried again until the next start.
 */
@OwnedBy(Role.COMPACTOR)
final class Compactor {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    /** A partition of the past that got nothing for so long is merged into one part. */
    private static final Duration QUIET = Duration.ofMinutes(10);

    private final PartSet set;
    private final Merger merger;
    private final StoreConfig config;
    private final RetentionEdge edge;
    private final EpochClock clock;
    private final StoreStats stats;
    /** The last record of the log that is in memory alone no more. */
    private final LongSupplier flushedSequence;

    private final List<LivePart> unreadable = new ArrayList<>();

    Compactor(
            PartSet set,
            Merger merger,
            StoreConfig config,
            RetentionEdge edge,
            StoreStats stats,
            LongSupplier flushedSequence) {
        this.set = set;
        this.merger = merger;
        this.config = config;
        this.edge = edge;
        this.clock = edge.clock();
        this.stats = stats;
        this.flushedSequence = flushedSequence;
    }

    /** Does one thing; false where there was nothing to do. */
    boolean step() throws StorageFailure {
        return dropExpired() || dropSurplus() || mergeSome() || rewriteDeleted() || forgetDeletions();
    }

    private boolean dropExpired() throws StorageFailure {
        long earliest = edge.earliestMillis();
        List<LivePart> expired = set.parts().stream()
                .filter(part -> part.header().maxMillis() < earliest)
                .toList();
        return drop(expired, "they are older than retention.time");
    }

    /** Over retention.size the oldest partition goes, but never the newest. */
    private boolean dropSurplus() throws StorageFailure {
        List<LivePart> parts = set.parts();
        long bytes = parts.stream().mapToLong(part -> part.header().bytes()).sum();
        if (config.retentionBytes() == 0 || bytes <= config.retentionBytes() || parts.isEmpty()) {
            return false;
        }
        Partition oldest = parts.get(0).partition();
        Partition newest = parts.get(parts.size() - 1).partition();
        if (oldest.equals(newest)) {
            return false;
        }
        return drop(
                parts.stream().filter(part -> part.partition().equals(oldest)).toList(),
                "all parts together are larger than retention.size");
    }

    private boolean drop(List<LivePart> parts, String why) throws StorageFailure {
        if (parts.isEmpty()) {
            return false;
        }
        long samples = parts.stream().mapToLong(part -> part.header().samples()).sum();
        LOG.info("dropping parts: parts={}, samples={}, because {}", parts.size(), samples, why);
        set.replace(parts, List.of());
        stats.onDropped(parts.size(), samples);
        return true;
    }

    private boolean mergeSome() throws StorageFailure {
        for (Map.Entry<Partition, List<LivePart>> partition : byPartition().entrySet()) {
            List<LivePart> parts = partition.getValue();
            MergePolicy.Range range = MergePolicy.pick(
                    parts.stream().map(part -> part.header().bytes()).toList(), isQuiet(partition.getKey(), parts));
            if (!range.isEmpty() && merge(parts.subList(range.from(), range.to()))) {
                return true;
            }
        }
        return false;
    }

    private boolean rewriteDeleted() throws StorageFailure {
        for (LivePart part : set.parts()) {
            if (!unreadable.contains(part) && !set.deletions().hiding(part).isEmpty() && merge(List.of(part))) {
                return true;
            }
        }
        return false;
    }

    /** A deletion is done when no part and no memory is left that it hides anything of. */
    private boolean forgetDeletions() throws StorageFailure {
        List<LivePart> parts = set.parts();
        Deletions deletions = set.deletions();
        List<Deletion> done = deletions.all().stream()
                .filter(deletion -> deletion.sequence() <= flushedSequence.getAsLong()
                        && parts.stream()
                                .noneMatch(part -> deletions.hiding(part).contains(deletion)))
                .toList();
        if (done.isEmpty()) {
            return false;
        }
        set.forget(done);
        return true;
    }

    private boolean merge(List<LivePart> parts) throws StorageFailure {
        try {
            stats.onMerged(parts.size(), merger.merge(parts));
            return true;
        } catch (StorageFailure.Corrupt damaged) {
            LOG.error("parts are not merged, for one is damaged: {}", damaged.getMessage());
            stats.onDamage();
            unreadable.addAll(parts);
            return false;
        }
    }

    /** Without those of which the checkpoint does not know yet, so that it lies between parts and never within one. */
    private Map<Partition, List<LivePart>> byPartition() {
        long flushed = flushedSequence.getAsLong();
        return set.parts().stream()
                .filter(part -> part.header().origin().lastSequence() <= flushed && !unreadable.contains(part))
                .collect(Collectors.groupingBy(LivePart::partition, TreeMap::new, Collectors.toList()));
    }

    private boolean isQuiet(Partition partition, List<LivePart> parts) {
        long now = clock.millis();
        long newest = parts.stream().mapToLong(LivePart::sinceMillis).max().orElse(0);
        return partition.lastMillis() < now - QUIET.toMillis() && newest < now - QUIET.toMillis();
    }
}
