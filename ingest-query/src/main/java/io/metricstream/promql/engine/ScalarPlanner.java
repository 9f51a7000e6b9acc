package io.metricstream.promql.engine;

import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.ExprVisitor;
import java.util.List;

/** Makes operators of expressions that are numbers. Stateless, but for the planner. */
final class ScalarPlanner implements ExprVisitor<ScalarOp> {
    private final Planner planner;

    ScalarPlanner(Planner planner) {
        this.planner = planner;
    }

    @Override
    public ScalarOp visit(Expr.NumberLiteral literal) {
        return Scalars.constant(literal.value());
    }

    @Override
    public ScalarOp visit(Expr.Call call) {
        List<Expr> arguments = call.arguments();
        return switch (call.function()) {
            case TIME -> Scalars.time();
            case PI -> Scalars.constant(Math.PI);
            case SCALAR_OF -> Scalars.only(planner.vector(arguments.get(0)));
            case START -> Scalars.ofQuery(Grid::startMillis);
            case END -> Scalars.ofQuery(Grid::endMillis);
            case RANGE -> Scalars.ofQuery(query -> query.endMillis() - query.startMillis());
            case STEP -> Scalars.ofQuery(query -> query.isInstant() ? 0 : query.stepMillis());
            case MAX_OF -> Scalars.both(planner.scalar(arguments.get(0)), planner.scalar(arguments.get(1)), Math::max);
            case MIN_OF -> Scalars.both(planner.scalar(arguments.get(0)), planner.scalar(arguments.get(1)), Math::min);
            default -> throw notANumber(call);
        };
    }

    @Override
    public ScalarOp visit(Expr.Binary binary) {
        return Scalars.binary(binary.op(), planner.scalar(binary.left()), planner.scalar(binary.right()));
    }

    @Override
    public ScalarOp visit(Expr.Unary unary) {
        ScalarOp inner = planner.scalar(unary.inner());
        return unary.negative() ? Scalars.negative(inner) : inner;
    }

    @Override
    public ScalarOp visit(Expr.Paren paren) {
        return planner.scalar(paren.inner());
    }

    @Override
    public ScalarOp visit(Expr.StringLiteral literal) {
        throw notANumber(literal);
    }

    @Override
    public ScalarOp visit(Expr.VectorSelector selector) {
        throw notANumber(selector);
    }

    @Override
    public ScalarOp visit(Expr.MatrixSelector matrix) {
        throw notANumber(matrix);
    }

    @Override
    public ScalarOp visit(Expr.Subquery subquery) {
        throw notANumber(subquery);
    }

    @Override
    public ScalarOp visit(Expr.Aggregate aggregate) {
        throw notANumber(aggregate);
    }

    private static IllegalStateException notANumber(Expr expr) {
        return new IllegalStateException("not a scalar: " + expr);
    }
}
