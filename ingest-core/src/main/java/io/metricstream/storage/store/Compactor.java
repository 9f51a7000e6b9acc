package io.metricstream.storage.store;

import io.metricstream.model.EpochClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.Deletion;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work in the background, one step at a time: drops what is too old or too much, sets aside what is damaged, merges,
 * rewrites what has deleted samples in it, and forgets deletions that are done.
 *
 * <p>Thread: COMPACTOR. Fails: where a part is damaged, nothing of its partition is merged until it is set aside, for a merge
 * of its neighbours would take its place.
 */
@OwnedBy(Role.COMPACTOR)
final class Compactor {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    /** A partition of the past that got nothing for so long is merged into one part. */
    private static final Duration QUIET = Duration.ofMinutes(10);
    /** When a damaged part that could not be set aside is tried again. */
    private static final Duration RESCUE_AGAIN = Duration.ofMinutes(1);

    private final PartSet set;
    private final Merger merger;
    private final Rescuer rescuer;
    private final DamagedParts damaged;
    private final StoreConfig config;
    private final RetentionEdge edge;
    private final EpochClock clock;
    private final StoreStats stats;
    /** The last record of the log that is in memory alone no more. */
    private final LongSupplier flushedSequence;

    private boolean waitsForRoom;

    /** What works on parts that are chosen here. */
    record Tools(Merger merger, Rescuer rescuer, DamagedParts damaged) {}

    Compactor(
            PartSet set,
            Tools tools,
            StoreConfig config,
            RetentionEdge edge,
            StoreStats stats,
            LongSupplier flushedSequence) {
        this.set = set;
        this.merger = tools.merger();
        this.rescuer = tools.rescuer();
        this.damaged = tools.damaged();
        this.config = config;
        this.edge = edge;
        this.clock = edge.clock();
        this.stats = stats;
        this.flushedSequence = flushedSequence;
    }

    /** Does one thing; false where there was nothing to do. */
    boolean step() throws StorageFailure {
        return dropExpired() || dropSurplus() || rescueSome() || mergeSome() || rewriteDeleted() || forgetDeletions();
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

    private boolean rescueSome() {
        LivePart part = damaged.due(clock.millis());
        if (part == null) {
            return false;
        }
        try {
            if (set.parts().contains(part)) {
                rescuer.rescue(part);
            }
            damaged.remove(part);
        } catch (StorageFailure e) {
            LOG.warn("a damaged part could not be set aside and is tried again: {}", e.getMessage());
            stats.onFailure();
            damaged.postpone(part, clock.millis() + RESCUE_AGAIN.toMillis());
        }
        return true;
    }

    private boolean mergeSome() throws StorageFailure {
        for (Map.Entry<Partition, List<LivePart>> partition : byPartition().entrySet()) {
            List<LivePart> parts = partition.getValue();
            MergePolicy.Range range = MergePolicy.pick(
                    parts.stream().map(part -> part.header().bytes()).toList(), isQuiet(partition.getKey(), parts));
            List<LivePart> chosen = parts.subList(range.from(), range.to());
            if (!chosen.isEmpty()
                    && hasRoomFor(chosen)
                    && tried(chosen, () -> stats.onMerged(chosen.size(), merger.merge(chosen)))) {
                return true;
            }
        }
        return false;
    }

    /** Only parts that have some of what was deleted are written anew. */
    private boolean rewriteDeleted() throws StorageFailure {
        Deletions deletions = set.deletions();
        for (LivePart part : set.parts()) {
            List<Deletion> hiding = deletions.hiding(part);
            if (!hiding.isEmpty()
                    && !damaged.contains(part)
                    && hasRoomFor(List.of(part))
                    && tried(List.of(part), () -> {
                        if (!merger.hasAnyOf(hiding, part)) {
                            part.onNothingHidden(deletions.lastId());
                            return;
                        }
                        stats.onMerged(1, merger.merge(List.of(part)));
                    })) {
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

    /** Merging waits rather than taking the room that flushing needs; told of once until it is over. */
    private boolean hasRoomFor(List<LivePart> parts) throws StorageFailure {
        boolean room = merger.hasRoomFor(parts);
        if (!room && !waitsForRoom) {
            LOG.warn("merging waits for room on the disk");
        }
        waitsForRoom = !room;
        return room;
    }

    /** Works on parts; where one turns out to be damaged, that is the next thing to deal with. */
    private boolean tried(List<LivePart> parts, Work work) throws StorageFailure {
        try {
            work.run();
        } catch (StorageFailure.Corrupt e) {
            if (parts.stream().noneMatch(damaged::contains)) {
                throw e;
            }
            LOG.warn("parts are not merged, for one is damaged: {}", e.getMessage());
        }
        return true;
    }

    private interface Work {
        void run() throws StorageFailure;
    }

    /**
     * The newest partition first, which grows. Without those of which the checkpoint does not know yet, so that it lies
     * between parts and never within one.
     */
    private SortedMap<Partition, List<LivePart>> byPartition() {
        long flushed = flushedSequence.getAsLong();
        SortedMap<Partition, List<LivePart>> whole = set.mergeable().stream()
                .filter(part -> part.header().origin().lastSequence() <= flushed)
                .collect(Collectors.groupingBy(
                        LivePart::partition, () -> new TreeMap<>(Comparator.reverseOrder()), Collectors.toList()));
        whole.values().removeIf(parts -> parts.stream().anyMatch(damaged::contains));
        return whole;
    }

    private boolean isQuiet(Partition partition, List<LivePart> parts) {
        long now = clock.millis();
        long newest = parts.stream().mapToLong(LivePart::sinceMillis).max().orElse(0);
        return partition.lastMillis() < now - QUIET.toMillis() && newest < now - QUIET.toMillis();
    }
}
