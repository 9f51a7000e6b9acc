package io.metricstream.promql.parse;

import io.metricstream.model.Labels;
import io.metricstream.promql.text.DurationText;
import io.metricstream.promql.text.GoNumber;
import io.metricstream.promql.text.GoText;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Collectors;

/** The canonical text of an expression, which parses to the same again. Lives inside one call. */
final class Printer implements ExprVisitor<StringBuilder> {
    private static final double MILLIS = 1000;

    private final StringBuilder out = new StringBuilder();

    private Printer() {}

    static String print(Expr expr) {
        return expr.accept(new Printer()).toString();
    }

    @Override
    public StringBuilder visit(Expr.NumberLiteral literal) {
        if (!literal.isDuration()) {
            return out.append(GoNumber.plain(literal.value()));
        }
        String sign = literal.value() < 0 ? "-" : "";
        return out.append(sign).append(DurationText.format(Math.round(Math.abs(literal.value()) * MILLIS)));
    }

    @Override
    public StringBuilder visit(Expr.StringLiteral literal) {
        return out.append(GoText.quote(literal.value()));
    }

    @Override
    public StringBuilder visit(Expr.VectorSelector selector) {
        return shift(labels(selector), selector.shift());
    }

    @Override
    public StringBuilder visit(Expr.MatrixSelector matrix) {
        labels(matrix.selector())
                .append('[')
                .append(DurationText.format(matrix.rangeMillis()))
                .append(']');
        return shift(out, matrix.selector().shift());
    }

    @Override
    public StringBuilder visit(Expr.Subquery subquery) {
        String step = subquery.stepMillis() == 0 ? "" : DurationText.format(subquery.stepMillis());
        subquery.inner()
                .accept(this)
                .append('[')
                .append(DurationText.format(subquery.rangeMillis()))
                .append(':')
                .append(step)
                .append(']');
        return shift(out, subquery.shift());
    }

    @Override
    public StringBuilder visit(Expr.Call call) {
        return list(out.append(call.function().text()), call.arguments());
    }

    @Override
    public StringBuilder visit(Expr.Aggregate aggregate) {
        out.append(aggregate.op().text());
        if (aggregate.without() || !aggregate.grouping().isEmpty()) {
            out.append(aggregate.without() ? " without (" : " by (")
                    .append(names(aggregate.grouping()))
                    .append(") ");
        }
        Expr parameter = aggregate.parameter();
        return list(out, parameter == null ? List.of(aggregate.inner()) : List.of(parameter, aggregate.inner()));
    }

    @Override
    public StringBuilder visit(Expr.Binary binary) {
        boolean infinityToPower = binary.op() == BinaryOp.POW
                && binary.left() instanceof Expr.NumberLiteral literal
                && literal.value() == Double.POSITIVE_INFINITY;
        // The sign of "+Inf ^ x" would be read as that of the whole power.
        StringBuilder base = infinityToPower ? out.append("Inf") : binary.left().accept(this);
        base.append(' ').append(binary.op().text());
        out.append(binary.returnsBool() ? " bool" : "");
        Matching matching = binary.matching();
        if (!matching.labels().isEmpty() || matching.on() || matching.isGrouped()) {
            out.append(matching.on() ? " on (" : " ignoring (")
                    .append(names(matching.labels()))
                    .append(')');
        }
        if (matching.isGrouped()) {
            boolean left = matching.cardinality() == Matching.Cardinality.MANY_TO_ONE;
            out.append(left ? " group_left (" : " group_right (")
                    .append(names(matching.include()))
                    .append(')');
        }
        out.append(' ');
        return binary.right().accept(this);
    }

    @Override
    public StringBuilder visit(Expr.Unary unary) {
        out.append(unary.negative() ? '-' : '+');
        return unary.inner().accept(this);
    }

    @Override
    public StringBuilder visit(Expr.Paren paren) {
        out.append('(');
        return paren.inner().accept(this).append(')');
    }

    private StringBuilder list(StringBuilder to, List<Expr> exprs) {
        to.append('(');
        for (int i = 0; i < exprs.size(); i++) {
            to.append(i == 0 ? "" : ", ");
            exprs.get(i).accept(this);
        }
        return to.append(')');
    }

    private StringBuilder labels(Expr.VectorSelector selector) {
        String matchers = selector.matchers().stream()
                .filter(matcher -> !isName(matcher, selector))
                .map(matcher -> name(matcher.label()) + matcher.op().text() + GoText.quote(matcher.value()))
                .sorted(Labels::compareText)
                .collect(Collectors.joining(","));
        out.append(selector.name());
        boolean nothing = matchers.isEmpty() && !selector.name().isEmpty();
        return nothing ? out : out.append('{').append(matchers).append('}');
    }

    /** Whether it says what stands before the braces. */
    private static boolean isName(Matcher matcher, Expr.VectorSelector selector) {
        return matcher.label().equals(Labels.NAME)
                && matcher.op() == MatchOp.EQUAL
                && !matcher.value().isEmpty()
                && matcher.value().equals(selector.name());
    }

    private static StringBuilder shift(StringBuilder to, Shift shift) {
        switch (shift.at()) {
            case TIME ->
                to.append(" @ ").append(BigDecimal.valueOf(shift.atMillis(), 3).setScale(3, RoundingMode.UNNECESSARY));
            case START -> to.append(" @ start()");
            case END -> to.append(" @ end()");
            case NONE -> {}
        }
        long offset = shift.offsetMillis();
        if (offset != 0) {
            to.append(offset > 0 ? " offset " : " offset -").append(DurationText.format(Math.abs(offset)));
        }
        return to;
    }

    private static String names(List<String> labels) {
        return labels.stream().map(Printer::name).collect(Collectors.joining(", "));
    }

    /** In quotes where it is no identifier. */
    private static String name(String label) {
        boolean identifier = !label.isEmpty() && !Lexer.isDigit(label.charAt(0));
        for (int i = 0; i < label.length() && identifier; i++) {
            identifier = Lexer.isAlpha(label.charAt(i)) || Lexer.isDigit(label.charAt(i));
        }
        return identifier ? label : GoText.quote(label);
    }
}
