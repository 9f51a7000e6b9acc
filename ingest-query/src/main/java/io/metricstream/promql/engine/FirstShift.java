package io.metricstream.promql.engine;

import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.ExprVisitor;
import io.metricstream.promql.parse.Shift;
import java.util.Optional;

/** When the first selector in an expression is evaluated, seen from outside of it. Stateless. */
final class FirstShift implements ExprVisitor<Optional<Shift>> {
    private static final FirstShift INSTANCE = new FirstShift();

    private FirstShift() {}

    /** Empty where the expression selects nothing. */
    static Optional<Shift> of(Expr expr) {
        return expr.accept(INSTANCE);
    }

    @Override
    public Optional<Shift> visit(Expr.VectorSelector selector) {
        return Optional.of(selector.shift());
    }

    @Override
    public Optional<Shift> visit(Expr.MatrixSelector matrix) {
        return Optional.of(matrix.selector().shift());
    }

    @Override
    public Optional<Shift> visit(Expr.Subquery subquery) {
        Shift outer = subquery.shift();
        return subquery.inner()
                .accept(this)
                .map(inner -> inner.isPinned()
                        ? inner
                        : new Shift(outer.at(), outer.atMillis(), outer.offsetMillis() + inner.offsetMillis()));
    }

    @Override
    public Optional<Shift> visit(Expr.Call call) {
        return call.arguments().stream()
                .map(argument -> argument.accept(this))
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Override
    public Optional<Shift> visit(Expr.Aggregate aggregate) {
        return aggregate.inner().accept(this);
    }

    @Override
    public Optional<Shift> visit(Expr.Binary binary) {
        return binary.left().accept(this).or(() -> binary.right().accept(this));
    }

    @Override
    public Optional<Shift> visit(Expr.Unary unary) {
        return unary.inner().accept(this);
    }

    @Override
    public Optional<Shift> visit(Expr.Paren paren) {
        return paren.inner().accept(this);
    }

    @Override
    public Optional<Shift> visit(Expr.NumberLiteral literal) {
        return Optional.empty();
    }

    @Override
    public Optional<Shift> visit(Expr.StringLiteral literal) {
        return Optional.empty();
    }
}
