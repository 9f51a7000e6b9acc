package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.function.BinaryFunctions;
import io.metricstream.promql.parse.BinaryOp;
import io.metricstream.promql.parse.Matching;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An operator between the series of two vectors that belong together. Of each group of series that do, one side has a single
 * one at every step.
 */
record JoinOp(BinaryOp op, VectorOp left, VectorOp right, Matching matching, boolean bool) implements VectorOp {
    /** What two lists take. */
    private static final int GROUP_BYTES = 160;

    private record Side(Labels labels, boolean nameDropped, Column column) {}

    private record Group(List<Side> many, List<Side> one) {
        Group() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        Predicate<String> matched = LabelSets.grouping(matching.labels(), !matching.on());
        Groups<Group> groups = Groups.sharing(evaluation.budget(), GROUP_BYTES);
        Steps manyThere = evaluation.budget().takeSteps(grid.steps());
        manySide().run(evaluation, grid, (labels, nameDropped, column) -> {
            column.markIn(manyThere);
            evaluation.budget().onSeries(column.steps());
            groups.get(LabelSets.keep(labels, matched), Group::new).many.add(new Side(labels, nameDropped, column));
        });
        oneSide().run(evaluation, grid, (labels, nameDropped, column) -> {
            evaluation.budget().onSeries(column.steps());
            groups.get(LabelSets.keep(labels, matched), Group::new).one.add(new Side(labels, nameDropped, column));
        });
        var merge = new SeriesMerge(evaluation.budget(), sink);
        SeriesSink out = grid.isInstant() ? sink : merge;
        groups.drain((labels, group) -> {
            checkOneSide(evaluation, group, manyThere, grid.steps());
            join(evaluation, group, grid.steps(), out);
        });
        evaluation.budget().giveSteps(grid.steps());
        merge.flush();
    }

    private boolean isSwapped() {
        return matching.cardinality() == Matching.Cardinality.ONE_TO_MANY;
    }

    private VectorOp manySide() {
        return isSwapped() ? right : left;
    }

    private VectorOp oneSide() {
        return isSwapped() ? left : right;
    }

    /** Two series of the one side at the same step cannot be told apart; where the other side has nothing, none is asked. */
    private void checkOneSide(Evaluation evaluation, Group group, Steps manyThere, int steps) throws QueryException {
        if (group.one.size() < 2) {
            return;
        }
        Steps taken = evaluation.budget().takeSteps(steps);
        for (Side side : group.one) {
            evaluation.budget().onSeries(steps);
            for (int step = side.column.next(0); step < steps; step = side.column.next(step + 1)) {
                if (taken.has(step) && manyThere.has(step)) {
                    throw duplicate(side, group.one, manyThere);
                }
            }
            side.column.markIn(taken);
        }
        evaluation.budget().giveSteps(steps);
    }

    /** Of a series and the first one that has a value at the same step. */
    private QueryException duplicate(Side side, List<Side> all, Steps manyThere) {
        for (Side other : all) {
            for (int step = side.column.next(0); step < side.column.steps(); step = side.column.next(step + 1)) {
                if (other.column.has(step) && manyThere.has(step)) {
                    return duplicate(side.labels, other.labels);
                }
            }
        }
        throw new IllegalStateException("no series has a step that another one took");
    }

    private QueryException duplicate(Labels a, Labels b) {
        Predicate<String> matched = LabelSets.grouping(matching.labels(), !matching.on());
        String first = LabelSets.text(a);
        String second = LabelSets.text(b);
        boolean inOrder = first.compareTo(second) <= 0;
        return QueryException.execution("found duplicate series for the match group "
                + LabelSets.text(LabelSets.keep(a, matched)) + " on the " + (isSwapped() ? "left" : "right")
                + " hand-side of the operation: [" + (inOrder ? first : second) + ", " + (inOrder ? second : first)
                + "];many-to-many matching not allowed: matching labels must be unique on one side");
    }

    private void join(Evaluation evaluation, Group group, int steps, SeriesSink out) throws QueryException {
        Groups<Steps> taken = Groups.sharing(evaluation.budget(), Budget.stepsBytes(steps));
        for (Side many : group.many) {
            for (Side one : group.one) {
                Labels labels = resultLabels(many.labels, one.labels);
                Column column = evaluation.budget().take(steps, labels);
                Labels key = matching.cardinality() == Matching.Cardinality.ONE_TO_ONE ? Labels.EMPTY : labels;
                Steps before = group.many.size() == 1 && group.one.size() == 1 ? null : taken.find(key);
                Steps marked = group.many.size() == 1 ? null : taken.get(key, () -> new Steps(steps));
                compute(many.column, one.column, column, before, marked);
                evaluation.budget().onSeries(column.steps());
                if (column.isEmpty()) {
                    evaluation.budget().give(column);
                } else {
                    out.accept(labels, bool || many.nameDropped, column);
                }
            }
        }
        taken.clear();
        for (Side side : group.many) {
            evaluation.budget().give(side.column);
        }
        for (Side side : group.one) {
            evaluation.budget().give(side.column);
        }
    }

    private void compute(Column many, Column one, Column to, @Nullable Steps before, @Nullable Steps marked)
            throws QueryException {
        for (int step = many.next(0); step < many.steps(); step = many.next(step + 1)) {
            if (!one.has(step)) {
                continue;
            }
            if (before != null && before.has(step)) {
                throw manyMatches();
            }
            if (marked != null) {
                marked.add(step);
            }
            double a = isSwapped() ? one.at(step) : many.at(step);
            double b = isSwapped() ? many.at(step) : one.at(step);
            if (!op.isComparison()) {
                to.set(step, BinaryFunctions.arithmetic(op, a, b));
            } else if (bool) {
                to.set(step, BinaryFunctions.compares(op, a, b) ? 1 : 0);
            } else if (BinaryFunctions.compares(op, a, b)) {
                to.set(step, a);
            }
        }
    }

    private QueryException manyMatches() {
        boolean oneToOne = matching.cardinality() == Matching.Cardinality.ONE_TO_ONE;
        return QueryException.execution("multiple matches for labels: "
                + (oneToOne
                        ? "many-to-one matching must be explicit (group_left/group_right)"
                        : "grouping labels must ensure unique matches"));
    }

    private Labels resultLabels(Labels many, Labels one) {
        Labels result = op.isComparison() ? many : LabelSets.undescribed(many);
        if (matching.cardinality() == Matching.Cardinality.ONE_TO_ONE) {
            Set<String> listed = new HashSet<>(matching.labels());
            result = LabelSets.keep(result, name -> listed.contains(name) == matching.on());
        }
        for (String label : matching.include()) {
            result = LabelSets.with(result, label, one.get(label));
        }
        return result;
    }
}
