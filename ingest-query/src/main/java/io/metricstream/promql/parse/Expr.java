package io.metricstream.promql.parse;

import io.metricstream.select.Matcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of PromQL, checked and immutable; its text is the canonical one. */
public sealed interface Expr {
    Position position();

    ValueType type();

    <T> T accept(ExprVisitor<T> visitor);

    /**
     * A number.
     *
     * @param isDuration whether it was written as a duration, and is in seconds
     */
    record NumberLiteral(double value, boolean isDuration, Position position) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.SCALAR;
        }

        @Override
        public <T> T accept(ExprVisitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** A text. */
    record StringLiteral(String value, Position position) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.STRING;
        }

        @Override
        public <T> T accept(ExprVisitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * The newest sample of each selected series.
     *
     * @param name the metric's name before the braces, empty where there is none
     * @param matchers those in braces, and last one for the name before them
     */
    record VectorSelector(String name, List<Matcher> matchers, Shift shift, Position position) implements Expr {
        public VectorSelector {
            matchers = List.copyOf(matchers);
        }

        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        @Override
        public <T> T accept(ExprVisitor<T> visitor) {
            return visitor.visit(this);
        }

        VectorSelector shifted(Shift other, int end) {
            return new VectorSelector(name, matchers, other, new Position(position.start(), end));
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** The samples of the last so many milliseconds of each selected series. */
    record MatrixSelector(VectorSelector selector, long rangeMillis, Position position) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        @Override
        public <T> T accept(ExprVisitor<T> visitor) {
            return visitor.visit(this);
        }

        MatrixSelector shifted(Shift other, int end) {
            return new MatrixSelector(
                    selector.shifted(other, selector.position.end()), rangeMillis, new Position(position.start(), end));
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * The values of an expression at steps of the last so many milliseconds.
     *
     * @param stepMillis 0 where the default is meant
     */
    record Subquery(Expr inner, long rangeMillis, long stepMillis, Shift shift, Position position) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        @Override
        public <T> T accept(ExprVisitor<T> visitor) {
            return visitor.visit(this);
        }

        Subquery shifted(Shift other, int end) {
            return new Subquery(inner, rangeMillis, stepMillis, other, new Position(position.start(), end));
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** A function with its arguments. */
    record Call(Function function, List<Expr> arguments, Position position) implements Expr {
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public ValueType type() {
            return function.returns();
        }

        @Override
        public <T> T accept(ExprVisitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * An aggregation.
     *
     * @param grouping by these labels, or by all but these
     * @param parameter what comes before the vector, where the operator has one
     */
    record Aggregate(
            AggregateOp op,
            Expr inner,
            @Nullable Expr parameter,
            List<String> grouping,
            boolean without,
            Position position)
            implements Expr {
        public Aggregate {
            grouping = List.copyOf(grouping);
        }

        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        @Override
        public <T> T accept(ExprVisitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * An operator with its two sides.
     *
     * @param matching {@link Matching#DEFAULT} where a side is a scalar
     * @param returnsBool whether a comparison gives 0 or 1 rather than letting through
     */
    record Binary(BinaryOp op, Expr left, Expr right, Matching matching, boolean returnsBool) implements Expr {
        @Override
        public Position position() {
            return left.position().to(right.position());
        }

        @Override
        public ValueType type() {
            boolean scalar = left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR;
            return scalar ? ValueType.SCALAR : ValueType.VECTOR;
        }

        @Override
        public <T> T accept(ExprVisitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** A sign before an expression. */
    record Unary(boolean negative, Expr inner, Position position) implements Expr {
        @Override
        public ValueType type() {
            return inner.type();
        }

        @Override
        public <T> T accept(ExprVisitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** An expression in parentheses. */
    record Paren(Expr inner, Position position) implements Expr {
        @Override
        public ValueType type() {
            return inner.type();
        }

        @Override
        public <T> T accept(ExprVisitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }
}
