package io.metricstream.promql.parse;

import io.metricstream.model.Labels;
import io.metricstream.promql.text.GoText;
import io.metricstream.select.Matcher;
import java.util.ArrayList;
import java.util.List;

/** Checks that the parts of an expression fit together, and gives operators of sets their matching. Lives inside one parse. */
final class TypeCheck {
    private static final String NO_SCALAR_OR_VECTOR =
            "binary expression must contain only scalar and instant vector types";

    private final String query;

    private TypeCheck(String query) {
        this.query = query;
    }

    static Expr check(String query, Expr expr) throws ParseException {
        return new TypeCheck(query).check(expr);
    }

    private Expr check(Expr expr) throws ParseException {
        if (expr instanceof Expr.Aggregate aggregate) {
            return aggregate(aggregate);
        }
        if (expr instanceof Expr.Binary binary) {
            return binary(binary);
        }
        if (expr instanceof Expr.Call call) {
            return call(call);
        }
        if (expr instanceof Expr.Paren paren) {
            return new Expr.Paren(check(paren.inner()), paren.position());
        }
        if (expr instanceof Expr.Unary unary) {
            return unary(unary);
        }
        if (expr instanceof Expr.Subquery subquery) {
            return subquery(subquery);
        }
        if (expr instanceof Expr.VectorSelector selector) {
            return selector(selector, true);
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            Expr.VectorSelector unused = selector(matrix.selector(), true);
        }
        return expr;
    }

    private Expr checkType(Expr expr, ValueType wanted, String context) throws ParseException {
        Expr checked = check(expr);
        if (checked.type() != wanted) {
            throw error(
                    expr,
                    "expected type " + wanted.text() + " in " + context + ", got "
                            + checked.type().text());
        }
        return checked;
    }

    private Expr aggregate(Expr.Aggregate aggregate) throws ParseException {
        Expr inner = checkType(aggregate.inner(), ValueType.VECTOR, "aggregation expression");
        ValueType type = aggregate.op().parameter();
        Expr parameter = aggregate.parameter();
        return new Expr.Aggregate(
                aggregate.op(),
                inner,
                type == null || parameter == null ? null : checkType(parameter, type, "aggregation parameter"),
                aggregate.grouping(),
                aggregate.without(),
                aggregate.position());
    }

    private Expr unary(Expr.Unary unary) throws ParseException {
        Expr inner = check(unary.inner());
        if (!isScalarOrVector(inner)) {
            throw error(
                    unary,
                    "unary expression only allowed on expressions of type scalar or instant vector, got "
                            + GoText.quote(inner.type().text()));
        }
        return new Expr.Unary(unary.negative(), inner, unary.position());
    }

    private Expr subquery(Expr.Subquery subquery) throws ParseException {
        Expr inner = check(subquery.inner());
        if (inner.type() != ValueType.VECTOR) {
            throw error(
                    subquery,
                    "subquery is only allowed on instant vector, got "
                            + inner.type().shortText() + " instead");
        }
        return new Expr.Subquery(
                inner, subquery.rangeMillis(), subquery.stepMillis(), subquery.shift(), subquery.position());
    }

    private static boolean isScalarOrVector(Expr expr) {
        return expr.type() == ValueType.SCALAR || expr.type() == ValueType.VECTOR;
    }

    private Expr binary(Expr.Binary binary) throws ParseException {
        Expr left = check(binary.left());
        Expr right = check(binary.right());
        BinaryOp op = binary.op();
        boolean scalars = left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR;
        if (binary.returnsBool() && !op.isComparison()) {
            throw operatorError(binary, "bool modifier can only be used on comparison operators");
        }
        if (op.isComparison() && !binary.returnsBool() && scalars) {
            throw operatorError(binary, "comparisons between scalars must use BOOL modifier");
        }
        Matching matching = binary.matching();
        for (String label : matching.on() ? matching.labels() : List.<String>of()) {
            if (matching.include().contains(label)) {
                throw operatorError(
                        binary, "label " + GoText.quote(label) + " must not occur in ON and GROUP clause at once");
            }
        }
        for (Expr side : List.of(left, right)) {
            if (!isScalarOrVector(side)) {
                throw error(side, NO_SCALAR_OR_VECTOR);
            }
        }
        boolean vectors = left.type() == ValueType.VECTOR && right.type() == ValueType.VECTOR;
        if (!vectors && !matching.labels().isEmpty()) {
            throw error(binary, "vector matching only allowed between instant vectors");
        }
        if (vectors && op.isSet() && matching.isGrouped()) {
            throw error(binary, "no grouping allowed for " + GoText.quote(op.text()) + " operation");
        }
        if (!vectors && op.isSet()) {
            throw error(binary, "set operator " + GoText.quote(op.text()) + " not allowed in binary scalar expression");
        }
        Matching used =
                !vectors ? Matching.DEFAULT : op.isSet() ? matching.with(Matching.Cardinality.MANY_TO_MANY) : matching;
        return new Expr.Binary(op, left, right, used, binary.returnsBool());
    }

    private Expr call(Expr.Call call) throws ParseException {
        Function function = call.function();
        int count = call.arguments().size();
        if (count < function.least() || count > function.most()) {
            boolean exact = function.least() == function.most();
            String wanted = exact
                    ? String.valueOf(function.least())
                    : count < function.least() ? "at least " + function.least() : "at most " + function.most();
            throw error(
                    call,
                    "expected " + wanted + " argument(s) in call to " + GoText.quote(function.text()) + ", got "
                            + count);
        }
        var arguments = new ArrayList<Expr>();
        for (int i = 0; i < count; i++) {
            Expr argument = call.arguments().get(i);
            boolean labelSelector = function == Function.INFO && i == 1;
            arguments.add(
                    labelSelector
                            ? labelSelector(argument)
                            : checkType(
                                    argument, function.takes(i), "call to function " + GoText.quote(function.text())));
        }
        return new Expr.Call(function, arguments, call.position());
    }

    private Expr labelSelector(Expr argument) throws ParseException {
        if (!(argument instanceof Expr.VectorSelector selector)) {
            throw error(argument, "expected label selectors only");
        }
        if (!selector.name().isEmpty()) {
            throw error(argument, "expected label selectors only, got vector selector instead");
        }
        return selector(selector, false);
    }

    private Expr.VectorSelector selector(Expr.VectorSelector selector, boolean mustSelect) throws ParseException {
        List<Matcher> matchers = selector.matchers();
        if (!selector.name().isEmpty()) {
            for (Matcher matcher : matchers.subList(0, matchers.size() - 1)) {
                if (matcher.label().equals(Labels.NAME)) {
                    throw error(
                            selector,
                            "metric name must not be set twice: " + GoText.quote(selector.name()) + " or "
                                    + GoText.quote(matcher.value()));
                }
            }
        } else if (mustSelect && matchers.stream().allMatch(Matcher::matchesEmpty)) {
            throw error(selector, "vector selector must contain at least one non-empty matcher");
        }
        return selector;
    }

    private ParseException error(Expr expr, String problem) {
        return new ParseException(query, expr.position(), problem);
    }

    /** Where the operator stands, without the blanks around it. */
    private ParseException operatorError(Expr.Binary binary, String problem) {
        int start = binary.left().position().end();
        while (start < query.length() && Character.isWhitespace(query.charAt(start))) {
            start++;
        }
        return new ParseException(
                query, new Position(start, binary.right().position().start()), problem);
    }
}
