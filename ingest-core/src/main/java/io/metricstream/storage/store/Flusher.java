package io.metricstream.storage.store;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Memtable;
import io.metricstream.storage.merge.DeletedCursor;
import io.metricstream.storage.merge.Deletion;
import io.metricstream.storage.part.PartHeader;
import io.metricstream.storage.part.PartSummary;
import io.metricstream.storage.part.PartWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes the samples of a frozen memtable as one part for each partition.
 *
 * <p>Thread: FLUSHER.
 */
@OwnedBy(Role.FLUSHER)
final class Flusher {
    private final Disk disk;
    private final PartFiles files;
    private final PartSet set;
    private final RetentionEdge edge;
    private final long spanMillis;

    Flusher(Disk disk, PartFiles files, PartSet set, RetentionEdge edge, long spanMillis) {
        this.disk = disk;
        this.files = files;
        this.set = set;
        this.edge = edge;
        this.spanMillis = spanMillis;
    }

    /** Makes parts of a frozen memtable and adds them to the set; returns the bytes written. */
    long flush(Memtable memtable) throws StorageFailure {
        long bytes = 0;
        var parts = new ArrayList<LivePart>();
        try {
            for (Partition partition : partitionsOf(memtable)) {
                LivePart part = write(partition, memtable);
                if (part != null) {
                    parts.add(part);
                    bytes += part.header().bytes();
                }
            }
        } catch (StorageFailure e) {
            // What was published already is written again by the next try.
            parts.forEach(LivePart::release);
            throw e;
        }
        set.add(parts);
        return bytes;
    }

    private @Nullable LivePart write(Partition partition, Memtable memtable) throws StorageFailure {
        Deletions deletions = set.deletions();
        var selection = new Selection(
                List.of(), Math.max(partition.startMillis(), edge.earliestMillis()), partition.lastMillis());
        List<Deletion> hidden =
                deletions.hiding(memtable.lastSequence(), 0, selection.fromMillis(), selection.toMillis());
        Path path = files.place(partition, memtable.firstSequence(), memtable.lastSequence());
        if (set.parts().stream().anyMatch(part -> part.path().equals(path))) {
            // A start before this one made it of the same records, and was ended before the checkpoint knew.
            return null;
        }
        try (SeriesCursor kept = DeletedCursor.of(memtable.select(selection), hidden)) {
            var meta = new PartHeader.Origin(
                    partition.startMillis(),
                    partition.spanMillis(),
                    memtable.firstSequence(),
                    memtable.lastSequence(),
                    deletions.lastId());
            PartSummary written = PartWriter.write(disk, path, meta, kept);
            return written.samples() == 0 ? null : files.open(path);
        }
    }

    /** The partitions that a memtable has samples of; where that may be several, each sample's time is looked at once. */
    private Set<Partition> partitionsOf(Memtable memtable) throws StorageFailure {
        var all = new Partitions(set.parts().stream().map(LivePart::partition).toList(), spanMillis);
        Partition earliest = all.of(memtable.minMillis());
        if (earliest.contains(memtable.maxMillis())) {
            return Set.of(earliest);
        }
        var partitions = new TreeSet<Partition>();
        Partition known = null;
        try (SeriesCursor cursor = memtable.select(Selection.ALL)) {
            while (cursor.next()) {
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    if (known != null && known.contains(runs.firstMillis()) && known.contains(runs.lastMillis())) {
                        continue;
                    }
                    long[] times = runs.timestampsMillis();
                    for (int i = 0; i < runs.count(); i++) {
                        if (known == null || !known.contains(times[i])) {
                            known = all.of(times[i]);
                            partitions.add(known);
                        }
                    }
                }
            }
        }
        return partitions;
    }
}
