package io.metricstream.storage.store;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Queryable;
import io.metricstream.select.Question;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.HeadSnapshot;
import io.metricstream.storage.merge.DeletedCursor;
import io.metricstream.storage.merge.MergedCursor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Answers a question over whatever the newest {@link View} has: memory and parts laid over one another, less what is deleted
 * or older than the retention.
 *
 * <p>Thread: that of the question; each of its cursors may be read by another, one at a time. Each call reads one immutable view, whose parts it holds meanwhile. Fails:
 * {@link StorageFailure} naming the file where a part is damaged, unless that is passed over; other questions go on.
 */
@OwnedBy(Role.QUERY)
final class Reader implements Question {
    /** More are not told of. */
    private static final int MOST_WARNINGS = 10;

    private final Supplier<HeadSnapshot> memory;
    private final PartSet parts;
    private final RetentionEdge edge;
    private final DamagedParts damaged;
    /** Cursors that are read by other threads warn as well. */
    private final Set<String> warnings = Collections.synchronizedSet(new LinkedHashSet<>());

    Reader(Supplier<HeadSnapshot> memory, PartSet parts, RetentionEdge edge, DamagedParts damaged) {
        this.memory = memory;
        this.parts = parts;
        this.edge = edge;
        this.damaged = damaged;
    }

    @Override
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Sources of one view, held until closed. */
    record Held(HeadSnapshot memory, List<View.Source> sources, List<LivePart> parts) implements AutoCloseable {
        @Override
        public void close() {
            memory.close();
            parts.forEach(LivePart::release);
        }
    }

    @Override
    public SeriesCursor select(Selection asked) throws StorageFailure {
        Selection selection = kept(asked);
        Held held = hold(selection);
        var cursors = new ArrayList<SeriesCursor>(held.sources().size());
        try {
            for (View.Source source : held.sources()) {
                cursors.add(DeletedCursor.of(source.samples().select(selection), source.hidden()));
            }
            return new HoldingCursor(MergedCursor.of(cursors), held);
        } catch (StorageFailure | RuntimeException e) {
            cursors.forEach(SeriesCursor::close);
            held.close();
            throw e;
        }
    }

    @Override
    public List<String> labelNames(Selection asked, int limit) throws StorageFailure {
        return union(asked, limit, (source, selection) -> source.labelNames(selection, limit));
    }

    @Override
    public List<String> labelValues(String label, Selection asked, int limit) throws StorageFailure {
        return union(asked, limit, (source, selection) -> source.labelValues(label, selection, limit));
    }

    @Override
    public Map<String, Set<MetricType>> types(Selection asked, int limit) throws StorageFailure {
        Selection selection = kept(asked);
        var types = new TreeMap<String, Set<MetricType>>(Labels::compareText);
        try (Held held = hold(selection)) {
            for (View.Source source : held.sources()) {
                source.samples().types(selection, limit).forEach((metric, some) -> types.computeIfAbsent(
                                metric, m -> EnumSet.noneOf(MetricType.class))
                        .addAll(some));
            }
        }
        while (types.size() > limit) {
            types.pollLastEntry();
        }
        return types;
    }

    private interface Names {
        List<String> of(Queryable source, Selection selection) throws StorageFailure;
    }

    private List<String> union(Selection asked, int limit, Names names) throws StorageFailure {
        Selection selection = kept(asked);
        var union = new TreeSet<String>(Labels::compareText);
        try (Held held = hold(selection)) {
            for (View.Source source : held.sources()) {
                union.addAll(names.of(source.samples(), selection));
                while (union.size() > limit) {
                    union.pollLast();
                }
            }
        }
        return List.copyOf(union);
    }

    private Selection kept(Selection asked) {
        long earliest = edge.earliestMillis();
        return asked.fromMillis() >= earliest
                ? asked
                : new Selection(asked.matchers(), earliest, asked.toMillis(), asked.cancellation());
    }

    /**
     * Takes the deletions, then a snapshot of memory, then references on the parts: a memtable that becomes parts in between
     * is seen twice, which changes nothing, and never missed, nor is what hides some of it. Parts that are closed already have
     * successors.
     */
    private Held hold(Selection selection) {
        while (true) {
            Deletions before = parts.deletions();
            HeadSnapshot memtables = memory.get();
            List<View.Source> sources = parts.view(before, memtables.memtables())
                    .sources(selection.fromMillis(), selection.toMillis(), this::reading);
            var held = new Held(memtables, sources, new ArrayList<>());
            if (acquire(held)) {
                return held;
            }
            held.close();
            if (parts.isClosed()) {
                throw new IllegalStateException("the store is closed");
            }
        }
    }

    private Queryable reading(LivePart part) {
        return part.part().reading(damaged.of(part, this::warn));
    }

    private void warn(String warning) {
        if (warnings.size() < MOST_WARNINGS) {
            warnings.add(warning);
        }
    }

    private static boolean acquire(Held held) {
        for (View.Source source : held.sources()) {
            for (LivePart part : source.held()) {
                if (!part.tryAcquire()) {
                    return false;
                }
                held.parts().add(part);
            }
        }
        return true;
    }
}
