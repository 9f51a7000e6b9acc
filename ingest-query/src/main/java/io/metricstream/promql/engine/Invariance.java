package io.metricstream.promql.engine;

import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.ExprVisitor;
import io.metricstream.promql.parse.Function;
import java.util.Set;

/** Whether an expression has the same value at every step, for all it looks at is pinned by {@code @}. Stateless. */
final class Invariance implements ExprVisitor<Boolean> {
    private static final Set<Function> OF_STEP = Set.of(
            Function.TIME,
            Function.DAYS_IN_MONTH,
            Function.DAY_OF_MONTH,
            Function.DAY_OF_WEEK,
            Function.DAY_OF_YEAR,
            Function.HOUR,
            Function.MINUTE,
            Function.MONTH,
            Function.YEAR,
            Function.PREDICT_LINEAR);

    private static final Invariance INSTANCE = new Invariance();

    private Invariance() {}

    static boolean of(Expr expr) {
        return expr.accept(INSTANCE);
    }

    @Override
    public Boolean visit(Expr.NumberLiteral literal) {
        return true;
    }

    @Override
    public Boolean visit(Expr.StringLiteral literal) {
        return true;
    }

    @Override
    public Boolean visit(Expr.VectorSelector selector) {
        return selector.shift().isPinned();
    }

    @Override
    public Boolean visit(Expr.MatrixSelector matrix) {
        return matrix.selector().shift().isPinned();
    }

    @Override
    public Boolean visit(Expr.Subquery subquery) {
        return subquery.shift().isPinned();
    }

    @Override
    public Boolean visit(Expr.Call call) {
        if (call.function() == Function.TIMESTAMP) {
            // Of a selector it is the time of its sample; of anything else that of the step.
            return Arguments.unwrap(call.arguments().get(0)) instanceof Expr.VectorSelector selector
                    && selector.shift().isPinned();
        }
        return !OF_STEP.contains(call.function())
                && call.arguments().stream().allMatch(argument -> argument.accept(this));
    }

    @Override
    public Boolean visit(Expr.Aggregate aggregate) {
        Expr parameter = aggregate.parameter();
        return aggregate.inner().accept(this) && (parameter == null || parameter.accept(this));
    }

    @Override
    public Boolean visit(Expr.Binary binary) {
        return binary.left().accept(this) && binary.right().accept(this);
    }

    @Override
    public Boolean visit(Expr.Unary unary) {
        return unary.inner().accept(this);
    }

    @Override
    public Boolean visit(Expr.Paren paren) {
        return paren.inner().accept(this);
    }
}
