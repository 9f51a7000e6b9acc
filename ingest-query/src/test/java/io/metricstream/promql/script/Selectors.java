package io.metricstream.promql.script;

import io.metricstream.model.Labels;
import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.ExprVisitor;
import io.metricstream.promql.parse.Function;
import io.metricstream.promql.parse.ParseException;
import io.metricstream.promql.parse.PromParser;
import io.metricstream.promql.parse.Shift;
import io.metricstream.select.Matcher;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What a script's variants do with the selectors of a query. */
final class Selectors {
    private static final Set<Function> OF_TIME = Set.of(
            Function.DAYS_IN_MONTH,
            Function.DAY_OF_MONTH,
            Function.DAY_OF_WEEK,
            Function.DAY_OF_YEAR,
            Function.END,
            Function.HOUR,
            Function.MINUTE,
            Function.MONTH,
            Function.YEAR,
            Function.PREDICT_LINEAR,
            Function.RANGE,
            Function.START,
            Function.STEP,
            Function.TIME,
            Function.TIMESTAMP);

    private Selectors() {}

    /** Whether any selector of the query, where it is one, selects any of the series. */
    static boolean anyMatches(String query, Collection<Labels> series) {
        try {
            return PromParser.parse(query).accept(new Any(selector -> series.stream()
                    .anyMatch(labels -> Matcher.allMatch(selector.matchers(), labels::get))));
        } catch (ParseException e) {
            return false;
        }
    }

    /** The query with {@code @} on every selector that has none; null where it depends on the time otherwise. */
    static String pin(String query, long millis) throws ParseException {
        Expr expr = PromParser.parse(query);
        boolean ofTime = expr.accept(new Any(selector -> false) {
            @Override
            public Boolean visit(Expr.Call call) {
                return OF_TIME.contains(call.function()) || super.visit(call);
            }
        });
        return ofTime ? null : expr.accept(new Pin(millis)).toString();
    }

    private interface Test {
        boolean test(Expr.VectorSelector selector);
    }

    private static class Any implements ExprVisitor<Boolean> {
        private final Test test;

        Any(Test test) {
            this.test = test;
        }

        @Override
        public Boolean visit(Expr.NumberLiteral literal) {
            return false;
        }

        @Override
        public Boolean visit(Expr.StringLiteral literal) {
            return false;
        }

        @Override
        public Boolean visit(Expr.VectorSelector selector) {
            return test.test(selector);
        }

        @Override
        public Boolean visit(Expr.MatrixSelector matrix) {
            return test.test(matrix.selector());
        }

        @Override
        public Boolean visit(Expr.Subquery subquery) {
            return subquery.inner().accept(this);
        }

        @Override
        public Boolean visit(Expr.Call call) {
            return call.arguments().stream().anyMatch(argument -> argument.accept(this));
        }

        @Override
        public Boolean visit(Expr.Aggregate aggregate) {
            return aggregate.inner().accept(this)
                    || (aggregate.parameter() != null && aggregate.parameter().accept(this));
        }

        @Override
        public Boolean visit(Expr.Binary binary) {
            return binary.left().accept(this) || binary.right().accept(this);
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

    private record Pin(long millis) implements ExprVisitor<Expr> {
        private Shift pinned(Shift shift) {
            return shift.isPinned() ? shift : new Shift(Shift.At.TIME, millis, shift.offsetMillis());
        }

        @Override
        public Expr visit(Expr.NumberLiteral literal) {
            return literal;
        }

        @Override
        public Expr visit(Expr.StringLiteral literal) {
            return literal;
        }

        @Override
        public Expr visit(Expr.VectorSelector selector) {
            return new Expr.VectorSelector(
                    selector.name(), selector.matchers(), pinned(selector.shift()), selector.position());
        }

        @Override
        public Expr visit(Expr.MatrixSelector matrix) {
            return new Expr.MatrixSelector(
                    (Expr.VectorSelector) visit(matrix.selector()), matrix.rangeMillis(), matrix.position());
        }

        @Override
        public Expr visit(Expr.Subquery subquery) {
            return new Expr.Subquery(
                    subquery.inner(),
                    subquery.rangeMillis(),
                    subquery.stepMillis(),
                    pinned(subquery.shift()),
                    subquery.position());
        }

        @Override
        public Expr visit(Expr.Call call) {
            boolean info = call.function() == Function.INFO;
            List<Expr> arguments = call.arguments();
            return new Expr.Call(
                    call.function(),
                    arguments.stream()
                            .map(argument -> info && argument != arguments.get(0) ? argument : argument.accept(this))
                            .toList(),
                    call.position());
        }

        @Override
        public Expr visit(Expr.Aggregate aggregate) {
            return new Expr.Aggregate(
                    aggregate.op(),
                    aggregate.inner().accept(this),
                    aggregate.parameter() == null ? null : aggregate.parameter().accept(this),
                    aggregate.grouping(),
                    aggregate.without(),
                    aggregate.position());
        }

        @Override
        public Expr visit(Expr.Binary binary) {
            return new Expr.Binary(
                    binary.op(),
                    binary.left().accept(this),
                    binary.right().accept(this),
                    binary.matching(),
                    binary.returnsBool());
        }

        @Override
        public Expr visit(Expr.Unary unary) {
            return new Expr.Unary(unary.negative(), unary.inner().accept(this), unary.position());
        }

        @Override
        public Expr visit(Expr.Paren paren) {
            return new Expr.Paren(paren.inner().accept(this), paren.position());
        }
    }
}
