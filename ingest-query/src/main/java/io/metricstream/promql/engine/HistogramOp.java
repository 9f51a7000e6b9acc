package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.function.ClassicHistogram;
import io.metricstream.promql.function.Quantiles;
import io.metricstream.promql.parse.Position;
import io.metricstream.promql.text.GoNumber;
import java.util.ArrayList;
import java.util.List;
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
        collect(evaluation, grid).drain((labels, histogram) -> {
            Column column = evaluation.budget().take(grid.steps(), labels);
            compute(evaluation, labels, histogram, from, to, grid, column);
            for (Bucket bucket : histogram) {
                evaluation.budget().give(bucket.column);
            }
            if (column.isEmpty()) {
                evaluation.budget().give(column);
            } else {
                sink.accept(labels, true, column);
            }
        });
        evaluation.budget().giveNumbers(from);
        if (upper != null) {
            evaluation.budget().giveNumbers(to);
        }
    }

    private Groups<List<Bucket>> collect(Evaluation evaluation, Grid grid) throws QueryException {
        Groups<List<Bucket>> histograms = Groups.sharing(evaluation.budget(), 0);
        inner.run(evaluation, grid, (labels, nameDropped, column) -> {
            evaluation.budget().onSeries(0);
            OptionalDouble bound = GoNumber.parse(labels.get(BOUND));
            if (bound.isEmpty()) {
                evaluation.annotations().badBucketLabel(labels.get(Labels.NAME), labels.get(BOUND), buckets);
                evaluation.budget().give(column);
                return;
            }
            histograms
                    .get(LabelSets.keep(labels, name -> !name.equals(BOUND)), ArrayList::new)
                    .add(new Bucket(bound.getAsDouble(), column));
        });
        return histograms;
    }

    private void compute(
            Evaluation evaluation,
            Labels labels,
            List<Bucket> kept,
            double[] from,
            double[] to,
            Grid grid,
            Column result)
            throws QueryException {
        var histogram = new ClassicHistogram();
        for (int step = 0; step < from.length; step++) {
            histogram.clear();
            for (Bucket bucket : kept) {
                if (bucket.column.has(step)) {
                    histogram.add(bucket.bound, bucket.column.at(step));
                }
            }
            evaluation.budget().onWork(kept.size());
            if (!histogram.isEmpty()) {
                boolean quantile = upper == null;
                result.set(step, quantile ? histogram.quantile(from[step]) : histogram.fraction(from[step], to[step]));
                if (quantile && histogram.isRepaired()) {
                    evaluation
                            .annotations()
                            .repaired(labels.get(Labels.NAME), buckets, grid.timeMillis(step), new double[] {
                                histogram.lowestRepaired(), histogram.highestRepaired(), histogram.largestRepair()
                            });
                }
            }
        }
    }
}
