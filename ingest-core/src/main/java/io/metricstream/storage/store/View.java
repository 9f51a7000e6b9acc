package io.metricstream.storage.store;

import io.metricstream.select.Queryable;
import io.metricstream.storage.head.Memtable;
import io.metricstream.storage.merge.Deletion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What there is to read at one moment.
 *
 * @param memtables newest first
 * @param parts in the order of {@link PartFiles#ORDER}
 * @param deletions those in force
 */
record View(List<Memtable> memtables, List<LivePart> parts, Deletions deletions) {
    View {
        memtables = List.copyOf(memtables);
        parts = List.copyOf(parts);
    }

    /** A source, what is hidden of it, and the part that has to be held while it is read, if it is one. */
    record Source(Queryable samples, List<Deletion> hidden, List<LivePart> held) {}

    /** The sources that may have samples in this range, newest first; parts are read as the function says. */
    List<Source> sources(long fromMillis, long toMillis, Function<LivePart, Queryable> reading) {
        var sources = new ArrayList<Source>();
        for (Memtable memtable : memtables) {
            if (memtable.samples() > 0 && memtable.minMillis() <= toMillis && fromMillis <= memtable.maxMillis()) {
                sources.add(new Source(memtable, hidden(memtable), List.of()));
            }
        }
        // Partitions do not overlap, so the order within each is enough.
        for (int i = parts.size() - 1; i >= 0; i--) {
            LivePart part = parts.get(i);
            if (part.header().minMillis() <= toMillis
                    && fromMillis <= part.header().maxMillis()) {
                sources.add(new Source(reading.apply(part), deletions.hiding(part), List.of(part)));
            }
        }
        return sources;
    }

    /** What is hidden of memory. A deletion begins a new memtable, so it covers all of one or nothing. */
    private List<Deletion> hidden(Memtable memtable) {
        return deletions.hiding(memtable.firstSequence(), 0, memtable.minMillis(), memtable.maxMillis());
    }
}
