package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.function.ClassicHistogram;
import io.metricstream.promql.function.Quantiles;
import io.metricstream.promql.parse.Position;
import io.metricstream.promql.text.GoNumber;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Quantiles, or parts of the observations, of histograms whose buckets are series with the label {@code le}.
 *
 * @param lower the quantile, or the lower bound
 * @param upper the upper bound; null for a quantile
 * @param first where the first argument stands in the query
 * @param buckets where the buckets stand
 */
record HistogramOp(ScalarOp lower, @Nullable ScalarOp upper, VectorOp inner, Position first, Position buckets)
        implements VectorOp {
    private static final String BOUND = "le";

    private record Bucket(double bound, Column column) {}

    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        double[] from = lower.run(evaluation, grid);
        double[] to = upper == null ? from : upper.run(evaluation, grid);
        if (upper == null) {
            for (double q : from) {
                if (Quantiles.isInvalid(q)) {
                    evaluation.annotations().invalidQuantile(q, first);
                }
            }
        }
        for (Map.Entry<Labels, List<Bucket>> entry : collect(evaluation, grid).entrySet()) {
            Column column = evaluation.budget().take(grid.steps());
            compute(evaluation, entry, from, to, grid, column);
            for (Bucket bucket : entry.getValue()) {
                evaluation.budget().give(bucket.column);
            }
            if (column.isEmpty()) {
                evaluation.budget().give(column);
            } else {
                sink.accept(entry.getKey(), true, column);
            }
        }
    }

    private Map<Labels, List<Bucket>> collect(Evaluation evaluation, Grid grid) throws QueryException {
        Map<Labels, List<Bucket>> histograms = new LinkedHashMap<>();
        inner.run(evaluation, grid, (labels, nameDropped, column) -> {
            evaluation.budget().onSeries(0);
            OptionalDouble bound = GoNumber.parse(labels.get(BOUND));
            if (bound.isEmpty()) {
                evaluation.annotations().badBucketLabel(labels.get(Labels.NAME), labels.get(BOUND), buckets);
                evaluation.budget().give(column);
                return;
            }
            histograms
                    .computeIfAbsent(LabelSets.keep(labels, name -> !name.equals(BOUND)), any -> new ArrayList<>())
                    .add(new Bucket(bound.getAsDouble(), column));
        });
        return histograms;
    }

    private void compute(
            Evaluation evaluation,
            Map.Entry<Labels, List<Bucket>> entry,
            double[] from,
            double[] to,
            Grid grid,
            Column result)
            throws QueryException {
        var histogram = new ClassicHistogram();
        for (int step = 0; step < from.length; step++) {
            histogram.clear();
            for (Bucket bucket : entry.getValue()) {
                if (bucket.column.has(step)) {
                    histogram.add(bucket.bound, bucket.column.at(step));
                }
            }
            evaluation.budget().onWork(entry.getValue().size());
            if (!histogram.isEmpty()) {
                boolean quantile = upper == null;
                result.set(step, quantile ? histogram.quantile(from[step]) : histogram.fraction(from[step], to[step]));
                if (quantile && histogram.isRepaired()) {
                    evaluation
                            .annotations()
                            .repaired(entry.getKey().get(Labels.NAME), buckets, grid.timeMillis(step), new double[] {
                                histogram.lowestRepaired(), histogram.highestRepaired(), histogram.largestRepair()
                            });
                }
            }
        }
    }
}
