package io.metricstream.promql.engine;

import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.ExprVisitor;
import io.metricstream.promql.parse.Position;
import io.metricstream.promql.text.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes operators of expressions that are instant vectors. Stateless, but for the planner. */
final class VectorPlanner implements ExprVisitor<VectorOp> {
    private final Planner planner;

    VectorPlanner(Planner planner) {
        this.planner = planner;
    }

    @Override
    public VectorOp visit(Expr.VectorSelector selector) {
        return selector(selector, false);
    }

    static VectorOp selector(Expr.VectorSelector selector, boolean timestamps) {
        return new SelectorOp(StoredSamples.single(selector.matchers(), selector.shift()), timestamps);
    }

    @Override
    public VectorOp visit(Expr.Call call) {
        return new CallPlanner(planner, call).plan();
    }

    @Override
    public VectorOp visit(Expr.Binary binary) {
        return planner.binary(binary);
    }

    @Override
    public VectorOp visit(Expr.Unary unary) {
        return unary.negative() ? planner.negative(unary.inner()) : planner.vector(unary.inner());
    }

    @Override
    public VectorOp visit(Expr.Paren paren) {
        return planner.vector(paren.inner());
    }

    @Override
    public VectorOp visit(Expr.Aggregate aggregate) {
        VectorOp inner = planner.vector(aggregate.inner());
        Predicate<String> grouping = LabelSets.grouping(aggregate.grouping(), aggregate.without());
        Expr parameter = aggregate.parameter();
        if (parameter == null) {
            return new GroupedOp(inner, grouping, Accumulators.of(aggregate.op()));
        }
        return switch (aggregate.op()) {
            case QUANTILE -> new QuantileOp(inner, planner.scalar(parameter), grouping, place(parameter));
            case COUNT_VALUES -> countValues(aggregate, inner, Arguments.text(parameter));
            default -> new SelectKOp(aggregate.op(), inner, planner.scalar(parameter), grouping, place(parameter));
        };
    }

    private static Position place(Expr parameter) {
        return Arguments.unwrap(parameter).position();
    }

    private static VectorOp countValues(Expr.Aggregate aggregate, VectorOp inner, String label) {
        if (label.isEmpty() || !GoText.isUtf8(label)) {
            return (evaluation, grid, sink) -> {
                throw QueryException.execution("invalid label name " + GoText.quote(label));
            };
        }
        List<String> grouping = new ArrayList<>(aggregate.grouping());
        if (!aggregate.without()) {
            grouping.add(label);
        }
        return new CountValuesOp(inner, label, LabelSets.grouping(grouping, aggregate.without()));
    }

    @Override
    public VectorOp visit(Expr.NumberLiteral literal) {
        throw notAVector(literal);
    }

    @Override
    public VectorOp visit(Expr.StringLiteral literal) {
        throw notAVector(literal);
    }

    @Override
    public VectorOp visit(Expr.MatrixSelector matrix) {
        throw notAVector(matrix);
    }

    @Override
    public VectorOp visit(Expr.Subquery subquery) {
        throw notAVector(subquery);
    }

    private static IllegalStateException notAVector(Expr expr) {
        return new IllegalStateException("not an instant vector: " + expr);
    }
}
