package io.metricstream.storage.store;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Cancellation;
import io.metricstream.select.Queryable;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.DeletedCursor;
import io.metricstream.storage.merge.Deletion;
import io.metricstream.storage.merge.MergedCursor;
import io.metricstream.storage.part.PartHeader;
import io.metricstream.storage.part.PartSummary;
import io.metricstream.storage.part.PartWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one part of neighbouring parts of a partition, without what was deleted or has expired, and puts it in their
 * place.
 *
 * <p>Thread: COMPACTOR. Memory: a few pages for each part that is read. Ends early by {@link
 * io.metricstream.select.CancelledException}, which leaves everything as it was.
 */
@OwnedBy(Role.COMPACTOR)
final class Merger {
    private final Disk disk;
    private final PartFiles files;
    private final PartSet set;
    private final RetentionEdge edge;
    private final DamagedParts damaged;
    private final Cancellation stopping;

    Merger(Disk disk, PartFiles files, PartSet set, RetentionEdge edge, DamagedParts damaged, Cancellation stopping) {
        this.disk = disk;
        this.files = files;
        this.set = set;
        this.edge = edge;
        this.damaged = damaged;
        this.stopping = stopping;
    }

    /** Whether what comes of them, which is no longer than they are, leaves half of what is free. */
    boolean hasRoomFor(List<LivePart> parts) throws StorageFailure {
        long bytes = parts.stream().mapToLong(part -> part.header().bytes()).sum();
        return bytes <= disk.usableBytes(DurableFiles.folderOf(parts.get(0).path())) / 2;
    }

    /** Merges parts that are given oldest first; one part alone is rewritten in place. Returns the bytes written. */
    long merge(List<LivePart> oldestFirst) throws StorageFailure {
        Deletions deletions = set.deletions();
        LivePart oldest = oldestFirst.get(0);
        LivePart newest = oldestFirst.get(oldestFirst.size() - 1);
        Partition partition = oldest.partition();
        long lastSequence = newest.header().origin().lastSequence();
        boolean inPlace = oldestFirst.size() == 1;
        long firstSequence = inPlace
                ? oldest.header().origin().firstSequence()
                : firstSequence(oldestFirst, partition, lastSequence);
        Path path = inPlace ? oldest.path() : files.placeMerged(partition, firstSequence, lastSequence);
        PartSummary written;
        try (SeriesCursor samples = open(oldestFirst, deletions)) {
            var origin = new PartHeader.Origin(
                    partition.startMillis(), partition.spanMillis(), firstSequence, lastSequence, deletions.lastId());
            written = PartWriter.write(disk, path, origin, samples);
        }
        if (written.samples() == 0) {
            set.replace(oldestFirst, List.of());
            return 0;
        }
        LivePart merged = files.open(path);
        set.replace(oldestFirst, List.of(merged));
        return merged.header().bytes();
    }

    /** Whether the part has a series that one of these deletions covers, with samples at about its times. */
    boolean hasAnyOf(List<Deletion> deletions, LivePart part) throws StorageFailure {
        Queryable samples = part.part().reading(damaged.ofMerge(part));
        for (Deletion deletion : deletions) {
            var selection = new Selection(deletion.matchers(), deletion.fromMillis(), deletion.toMillis(), stopping);
            try (SeriesCursor covered = samples.select(selection)) {
                if (covered.next()) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * The first record of a range of which these are all the parts there are, for a start deletes what lies within it. After
     * a checkpoint was lost, a part may begin before others that are older.
     */
    private long firstSequence(List<LivePart> merged, Partition partition, long lastSequence) {
        long first = merged.stream()
                .mapToLong(part -> part.header().origin().firstSequence())
                .min()
                .orElseThrow();
        for (LivePart other : set.parts()) {
            PartHeader.Origin origin = other.header().origin();
            if (other.partition().equals(partition)
                    && !merged.contains(other)
                    && origin.lastSequence() <= lastSequence
                    && origin.firstSequence() >= first) {
                first = origin.firstSequence() + 1;
            }
        }
        return first;
    }

    private SeriesCursor open(List<LivePart> oldestFirst, Deletions deletions) throws StorageFailure {
        var selection = new Selection(List.of(), edge.earliestMillis(), Long.MAX_VALUE, stopping);
        var cursors = new ArrayList<SeriesCursor>();
        try {
            for (int i = oldestFirst.size() - 1; i >= 0; i--) {
                LivePart part = oldestFirst.get(i);
                SeriesCursor all = part.part().reading(damaged.ofMerge(part)).select(selection);
                cursors.add(DeletedCursor.of(all, deletions.hiding(part)));
            }
            return MergedCursor.of(cursors);
        } catch (StorageFailure | RuntimeException e) {
            cursors.forEach(SeriesCursor::close);
            throw e;
        }
    }
}
