package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes one series of those with the same labels, which must have their values at different steps. What comes is kept until
 * {@link #flush}.
 */
@OwnedBy(Role.QUERY)
final class SeriesMerge implements SeriesSink {
    private final Budget budget;
    private final SeriesSink sink;
    private final Map<Labels, Merged> series = new LinkedHashMap<>();

    SeriesMerge(Budget budget, SeriesSink sink) {
        this.budget = budget;
        this.sink = sink;
    }

    @Override
    public void accept(Labels labels, boolean nameDropped, Column column) throws QueryException {
        budget.onSeries(column.steps());
        Merged before = series.get(labels);
        if (before == null) {
            series.put(labels, new Merged(nameDropped, column));
        } else if (before.column.tryMerge(column)) {
            budget.give(column);
        } else {
            throw QueryException.sameLabels();
        }
    }

    /** Hands all series on, in the order in which their first part came. */
    void flush() throws QueryException {
        Iterator<Map.Entry<Labels, Merged>> entries = series.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Labels, Merged> entry = entries.next();
            // Its labels are held with its column, which may be given back.
            entries.remove();
            Merged merged = entry.getValue();
            budget.onSeries(0);
            sink.accept(entry.getKey(), merged.nameDropped, merged.column);
        }
    }

    private record Merged(boolean nameDropped, Column column) {}
}
