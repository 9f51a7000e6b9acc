package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.parse.AggregateOp;
import io.metricstream.promql.parse.Position;
import io.metricstream.promql.text.GoNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Some series of each group at each step: the largest, the smallest, any, or a part of them.
 *
 * @param parameter how many, or which part
 */
record SelectKOp(AggregateOp op, VectorOp inner, ScalarOp parameter, Predicate<String> grouping, Position position)
        implements VectorOp {
    private record Candidate(Labels labels, boolean nameDropped, Column column, Steps chosen) {}

    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        double[] parameters = parameter.run(evaluation, grid);
        if (op == AggregateOp.LIMIT_RATIO) {
            if (!RatioLimit.check(parameters, evaluation, position)) {
                return;
            }
        } else if (!isAnyChosen(parameters)) {
            return;
        }
        Groups<List<Candidate>> groups = Groups.sharing(evaluation.budget(), 0);
        int[] count = new int[1];
        inner.run(evaluation, grid, (labels, nameDropped, column) -> {
            count[0]++;
            groups.get(LabelSets.keep(labels, grouping), ArrayList::new)
                    .add(new Candidate(
                            labels, nameDropped, column, evaluation.budget().takeSteps(column.steps())));
        });
        groups.drain((labels, group) -> {
            if (grid.isInstant() && op != AggregateOp.LIMIT_RATIO) {
                handOnInOrder(group, k(parameters[0], count[0]), evaluation, sink);
            } else {
                choose(group, parameters, count[0], evaluation);
                handOn(group, evaluation, sink);
            }
        });
        evaluation.budget().giveNumbers(parameters);
    }

    private static boolean isAnyChosen(double[] parameters) throws QueryException {
        double most = -Double.MAX_VALUE;
        double least = Double.MAX_VALUE;
        for (double k : parameters) {
            most = Math.max(most, k);
            least = Math.min(least, k);
        }
        if (most < 1) {
            return false;
        }
        if (Double.isNaN(most)) {
            throw QueryException.execution("Parameter value is NaN");
        }
        if (least <= Long.MIN_VALUE) {
            throw QueryException.execution("Scalar value " + GoNumber.general(least) + " underflows int64");
        }
        if (most >= Long.MAX_VALUE) {
            throw QueryException.execution("Scalar value " + GoNumber.general(most) + " overflows int64");
        }
        return true;
    }

    private void choose(List<Candidate> group, double[] parameters, int all, Evaluation evaluation)
            throws QueryException {
        for (int step = 0; step < parameters.length; step++) {
            evaluation.budget().onWork(group.size());
            if (op == AggregateOp.LIMIT_RATIO) {
                for (Candidate candidate : group) {
                    if (candidate.column.has(step) && RatioLimit.takes(parameters[step], candidate.labels)) {
                        candidate.chosen.add(step);
                    }
                }
            } else {
                for (int index : best(group, step, k(parameters[step], all))) {
                    group.get(index).chosen.add(step);
                }
            }
        }
    }

    private static int k(double parameter, int all) {
        return (int) Math.min((long) parameter, all);
    }

    /** The series that are chosen at a step, the best first. */
    private int[] best(List<Candidate> group, int step, int k) {
        var heap = new KeptK(op, k);
        for (int i = 0; i < group.size() && k > 0; i++) {
            Column column = group.get(i).column;
            if (column.has(step)) {
                heap.offer(i, column.at(step));
            }
        }
        return heap.inOrder();
    }

    /** Those of a single moment, in the order of their values. */
    private void handOnInOrder(List<Candidate> group, int k, Evaluation evaluation, SeriesSink sink)
            throws QueryException {
        evaluation.budget().onWork(group.size());
        int[] best = best(group, 0, k);
        for (int index : best) {
            group.get(index).chosen.add(0);
        }
        for (Candidate candidate : group) {
            evaluation.budget().giveSteps(candidate.column.steps());
            if (!candidate.chosen.has(0)) {
                evaluation.budget().give(candidate.column);
            }
        }
        for (int index : best) {
            evaluation.budget().onSeries(0);
            Candidate candidate = group.get(index);
            sink.accept(candidate.labels, candidate.nameDropped, candidate.column);
        }
    }

    /** Those of a range, as they came. */
    private static void handOn(List<Candidate> group, Evaluation evaluation, SeriesSink sink) throws QueryException {
        for (Candidate candidate : group) {
            int steps = candidate.column.steps();
            evaluation.budget().onSeries(steps);
            evaluation.budget().giveSteps(steps);
            candidate.column.keep(candidate.chosen, true);
            if (candidate.column.isEmpty()) {
                evaluation.budget().give(candidate.column);
            } else {
                sink.accept(candidate.labels, candidate.nameDropped, candidate.column);
            }
        }
    }
}
