package io.metricstream.promql.parse;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import org.jspecify.annotations.Nullable;

/** Reads what stands behind an expression: a range, a subquery, {@code offset} and {@code @}. Lives inside one parse. */
@OwnedBy(Role.QUERY)
final class Modifiers {
    private static final double MILLIS = 1000;

    private final Words words;
    private final Heights heights;
    private final DurationReader durations;

    Modifiers(Words words, Heights heights) {
        this.words = words;
        this.heights = heights;
        this.durations = new DurationReader(words);
    }

    /** The expression with the next thing behind it; null where nothing is. */
    @Nullable
    Expr after(Expr expr) throws ParseException {
        return switch (words.current().type()) {
            case LEFT_BRACKET -> brackets(expr);
            case OFFSET -> offset(expr);
            case AT -> at(expr);
            case ANCHORED, SMOOTHED ->
                throw words.error(
                        expr.position(), words.current().text() + " modifier is experimental and not enabled");
            default -> null;
        };
    }

    private Expr brackets(Expr expr) throws ParseException {
        Token open = words.take();
        long range = durations.positive("subquery or range selector", "number, duration, step(), or range()");
        if (words.is(TokenType.RIGHT_BRACKET)) {
            return matrix(expr, range, open.position().to(words.take().position()));
        }
        if (!words.tryTake(TokenType.COLON)) {
            throw words.unexpected("subquery or range", "\":\" or \"]\"");
        }
        long step = words.is(TokenType.RIGHT_BRACKET)
                ? 0
                : durations.positive("subquery selector", "number, duration, step(), range(), or \"]\"");
        if (!words.tryTake(TokenType.RIGHT_BRACKET)) {
            throw words.unexpected("subquery selector", "\"]\"");
        }
        Position position = new Position(expr.position().start(), words.lastEnd());
        return heights.of(new Expr.Subquery(expr, range, step, Shift.NONE, position), expr);
    }

    private Expr matrix(Expr expr, long range, Position brackets) throws ParseException {
        if (!(expr instanceof Expr.VectorSelector selector)) {
            throw words.error(brackets, "ranges only allowed for vector selectors");
        }
        if (selector.shift().offsetMillis() != 0) {
            throw words.error(brackets, "no offset modifiers allowed before range");
        }
        if (selector.shift().isPinned()) {
            throw words.error(brackets, "no @ modifiers allowed before range");
        }
        Position position = new Position(expr.position().start(), words.lastEnd());
        return heights.of(new Expr.MatrixSelector(selector, range, position), expr);
    }

    private Expr offset(Expr expr) throws ParseException {
        Token unused = words.take();
        long offset = durations.offset();
        Shift shift = shift(expr);
        if (shift == null) {
            throw words.error(expr.position(), "offset modifier" + notASelector());
        }
        if (shift.offsetMillis() != 0) {
            throw words.error(expr.position(), "offset may not be set multiple times");
        }
        return shifted(expr, shift.withOffset(offset));
    }

    private Expr at(Expr expr) throws ParseException {
        Token unused = words.take();
        TokenType type = words.current().type();
        if (type == TokenType.START || type == TokenType.FINISH) {
            Token end = words.take();
            if (!words.tryTake(TokenType.LEFT_PAREN) || !words.tryTake(TokenType.RIGHT_PAREN)) {
                throw words.unexpected("@", "timestamp");
            }
            return pinned(expr, end.type() == TokenType.START ? Shift.At.START : Shift.At.END, 0);
        }
        boolean negative = type == TokenType.SUB;
        if (negative || type == TokenType.ADD) {
            unused = words.take();
        }
        if (!words.is(TokenType.NUMBER) && !words.is(TokenType.DURATION)) {
            throw words.unexpected("@", "timestamp");
        }
        double seconds = words.seconds(words.take());
        if (!(Math.abs(seconds) < Long.MAX_VALUE)) {
            throw words.error(
                    expr.position(),
                    "timestamp out of bounds for @ modifier: " + String.format("%f", negative ? -seconds : seconds));
        }
        return pinned(expr, Shift.At.TIME, Math.round((negative ? -seconds : seconds) * MILLIS));
    }

    private Expr pinned(Expr expr, Shift.At at, long millis) throws ParseException {
        Shift shift = shift(expr);
        if (shift == null) {
            throw words.error(expr.position(), "@ modifier" + notASelector());
        }
        if (shift.isPinned()) {
            throw words.error(expr.position(), "@ <timestamp> may not be set multiple times");
        }
        return shifted(expr, shift.withAt(at, millis));
    }

    private static String notASelector() {
        return " must be preceded by an instant vector selector or range vector selector or a subquery";
    }

    private static @Nullable Shift shift(Expr expr) {
        if (expr instanceof Expr.VectorSelector selector) {
            return selector.shift();
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            return matrix.selector().shift();
        }
        return expr instanceof Expr.Subquery subquery ? subquery.shift() : null;
    }

    private Expr shifted(Expr expr, Shift shift) throws ParseException {
        int end = words.lastEnd();
        if (expr instanceof Expr.VectorSelector selector) {
            return heights.of(selector.shifted(shift, end));
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            return heights.of(matrix.shifted(shift, end));
        }
        Expr.Subquery subquery = (Expr.Subquery) expr;
        return heights.of(subquery.shifted(shift, end), subquery.inner());
    }
}
