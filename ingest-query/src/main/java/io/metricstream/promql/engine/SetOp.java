package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.parse.BinaryOp;
import io.metricstream.promql.parse.Matching;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code and}, {@code or}, {@code unless}. */
record SetOp(BinaryOp op, VectorOp left, VectorOp right, Matching matching) implements VectorOp {
    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        Predicate<String> matched = LabelSets.grouping(matching.labels(), !matching.on());
        Groups<Steps> seen = Groups.owning(evaluation.budget(), Budget.stepsBytes(grid.steps()));
        if (op == BinaryOp.OR) {
            or(evaluation, grid, matched, seen, sink);
            return;
        }
        right.run(evaluation, grid, (labels, nameDropped, column) -> {
            note(seen, labels, matched, column, evaluation);
            evaluation.budget().give(column);
        });
        left.run(evaluation, grid, (labels, nameDropped, column) -> {
            Steps others = seen.find(LabelSets.keep(labels, matched));
            handOn(evaluation, labels, nameDropped, column, others, sink);
        });
        seen.clear();
    }

    private void handOn(
            Evaluation evaluation,
            Labels labels,
            boolean nameDropped,
            Column column,
            @Nullable Steps others,
            SeriesSink sink)
            throws QueryException {
        evaluation.budget().onSeries(column.steps());
        boolean nothing = others == null && op == BinaryOp.AND;
        if (others != null) {
            column.keep(others, op == BinaryOp.AND);
        }
        if (nothing || column.isEmpty()) {
            evaluation.budget().give(column);
        } else {
            sink.accept(labels, nameDropped, column);
        }
    }

    private void or(Evaluation evaluation, Grid grid, Predicate<String> matched, Groups<Steps> seen, SeriesSink sink)
            throws QueryException {
        // At a single moment the same labels may come from both sides, with different names that go later.
        var merge = new SeriesMerge(evaluation.budget(), sink);
        SeriesSink out = grid.isInstant() ? sink : merge;
        left.run(evaluation, grid, (labels, nameDropped, column) -> {
            note(seen, labels, matched, column, evaluation);
            out.accept(labels, nameDropped, column);
        });
        right.run(
                evaluation,
                grid,
                (labels, nameDropped, column) -> handOn(
                        evaluation, labels, nameDropped, column, seen.find(LabelSets.keep(labels, matched)), out));
        seen.clear();
        merge.flush();
    }

    private static void note(
            Groups<Steps> seen, Labels labels, Predicate<String> matched, Column column, Evaluation evaluation)
            throws QueryException {
        evaluation.budget().onSeries(column.steps());
        Steps steps = seen.get(LabelSets.keep(labels, matched), () -> new Steps(column.steps()));
        column.markIn(steps);
    }
}
