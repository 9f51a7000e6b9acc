package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept by labels, in the order in which these came first. The budget holds what the labels take until they are handed
 * on, and so much more for each.
 *
 * @param <V> what is kept; all that grows in it is its owner's to hold
 */
@OwnedBy(Role.QUERY)
final class Groups<V> {
    /** A place in the map, and a small object in it. */
    private static final int ENTRY_BYTES = 96;

    /** What labels take of which the texts are held elsewhere. */
    private static final int SHARED_BYTES = 48;

    private static final int SHARED_LABEL_BYTES = 8;

    /** Makes what is kept by labels that were not there. */
    interface Maker<V> {
        V make() throws QueryException;
    }

    /** Takes what was kept. */
    interface Taker<V> {
        void take(Labels labels, V value) throws QueryException;
    }

    private final Budget budget;
    private final boolean sharesTexts;
    private final long valueBytes;
    private final Map<Labels, V> all = new LinkedHashMap<>();

    private Groups(Budget budget, boolean sharesTexts, long valueBytes) {
        this.budget = budget;
        this.sharesTexts = sharesTexts;
        this.valueBytes = valueBytes;
    }

    /** Of labels that nobody else keeps. */
    static <V> Groups<V> owning(Budget budget, long valueBytes) {
        return new Groups<>(budget, false, valueBytes);
    }

    /** Of labels whose texts are those of series that are kept as long. */
    static <V> Groups<V> sharing(Budget budget, long valueBytes) {
        return new Groups<>(budget, true, valueBytes);
    }

    @Nullable
    V find(Labels labels) {
        return all.get(labels);
    }

    V get(Labels labels, Maker<V> maker) throws QueryException {
        V known = all.get(labels);
        if (known != null) {
            return known;
        }
        budget.hold(bytes(labels));
        V made = maker.make();
        all.put(labels, made);
        return made;
    }

    private long bytes(Labels labels) {
        long own = sharesTexts ? SHARED_BYTES + (long) SHARED_LABEL_BYTES * labels.size() : Budget.labelBytes(labels);
        return ENTRY_BYTES + valueBytes + own;
    }

    /** Hands everything on, after which nothing is kept. */
    void drain(Taker<V> taker) throws QueryException {
        Iterator<Map.Entry<Labels, V>> entries = all.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Labels, V> entry = entries.next();
            entries.remove();
            budget.release(bytes(entry.getKey()));
            taker.take(entry.getKey(), entry.getValue());
        }
    }

    /** Keeps nothing any more. */
    void clear() throws QueryException {
        drain((labels, value) -> {});
    }
}
