package io.metricstream.api;

import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.ExprVisitor;
import java.util.List;
import java.util.stream.Stream;

/**
 * Queries that count what another one looks at, at each step, as Prometheus counts it: a sample for each series of a selector, all
 * samples in a range, again where ranges overlap or stand twice, and of a subquery its results. Stateless.
 */
final class SampleCounts implements ExprVisitor<Stream<String>> {
    private SampleCounts() {}

    /** One query for each selector, range and subquery. */
    static List<String> of(Expr expr) {
        return expr.accept(new SampleCounts()).toList();
    }

    @Override
    public Stream<String> visit(Expr.VectorSelector selector) {
        return Stream.of("count(" + selector + ")");
    }

    @Override
    public Stream<String> visit(Expr.MatrixSelector matrix) {
        return inRange(matrix);
    }

    @Override
    public Stream<String> visit(Expr.Subquery subquery) {
        return inRange(subquery);
    }

    private static Stream<String> inRange(Expr range) {
        return Stream.of("sum(count_over_time(" + range + "))");
    }

    @Override
    public Stream<String> visit(Expr.Call call) {
        return call.arguments().stream().flatMap(argument -> argument.accept(this));
    }

    @Override
    public Stream<String> visit(Expr.Aggregate aggregate) {
        Expr parameter = aggregate.parameter();
        return Stream.concat(
                aggregate.inner().accept(this), parameter == null ? Stream.empty() : parameter.accept(this));
    }

    @Override
    public Stream<String> visit(Expr.Binary binary) {
        return Stream.concat(binary.left().accept(this), binary.right().accept(this));
    }

    @Override
    public Stream<String> visit(Expr.Unary unary) {
        return unary.inner().accept(this);
    }

    @Override
    public Stream<String> visit(Expr.Paren paren) {
        return paren.inner().accept(this);
    }

    @Override
    public Stream<String> visit(Expr.NumberLiteral literal) {
        return Stream.empty();
    }

    @Override
    public Stream<String> visit(Expr.StringLiteral literal) {
        return Stream.empty();
    }
}
