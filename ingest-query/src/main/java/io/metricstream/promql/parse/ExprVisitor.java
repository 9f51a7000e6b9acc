package io.metricstream.promql.parse;

/** Something that is done with each kind of expression. */
public interface ExprVisitor<T> {
    T visit(Expr.NumberLiteral literal);

    T visit(Expr.StringLiteral literal);

    T visit(Expr.VectorSelector selector);

    T visit(Expr.MatrixSelector selector);

    T visit(Expr.Subquery subquery);

    T visit(Expr.Call call);

    T visit(Expr.Aggregate aggregate);

    T visit(Expr.Binary binary);

    T visit(Expr.Unary unary);

    T visit(Expr.Paren paren);
}
