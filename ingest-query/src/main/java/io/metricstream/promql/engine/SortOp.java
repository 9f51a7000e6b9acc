package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.function.NaturalOrder;
import io.metricstream.promql.parse.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Puts the series of a single moment in order; those of a range are in the order of their labels anyway, and it says so. */
record SortOp(VectorOp inner, Comparator<Entry> order, Position position) implements VectorOp {
    /** A series with its value. */
    record Entry(Labels labels, boolean nameDropped, Column column) {
        double value() {
            return column.at(0);
        }
    }

    /** What is no number comes last in both directions. */
    static Comparator<Entry> byValue(boolean descending) {
        Comparator<Entry> ascending = Comparator.comparingDouble(Entry::value);
        return Comparator.comparing((Entry entry) -> Double.isNaN(entry.value()))
                .thenComparing(descending ? ascending.reversed() : ascending);
    }

    /** By the first of these labels that differs, by all labels where none does. */
    static Comparator<Entry> byLabels(List<String> names, boolean descending) {
        Comparator<Entry> order = Comparator.comparing(Entry::labels);
        for (int i = names.size() - 1; i >= 0; i--) {
            String name = names.get(i);
            Comparator<Entry> byName = (a, b) ->
                    NaturalOrder.compare(a.labels().get(name), b.labels().get(name));
            order = byName.thenComparing(order);
        }
        return descending ? order.reversed() : order;
    }

    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        if (!grid.isInstant()) {
            evaluation.annotations().sortInRange(position);
            inner.run(evaluation, grid, sink);
            return;
        }
        var entries = new ArrayList<Entry>();
        inner.run(
                evaluation, grid, (labels, nameDropped, column) -> entries.add(new Entry(labels, nameDropped, column)));
        evaluation.budget().sort(entries, order);
        for (Entry entry : entries) {
            evaluation.budget().onSeries(0);
            sink.accept(entry.labels, entry.nameDropped, entry.column);
        }
    }
}
