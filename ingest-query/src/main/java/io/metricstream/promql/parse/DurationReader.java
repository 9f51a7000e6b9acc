package io.metricstream.promql.parse;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Reads durations where they stand in brackets or behind {@code offset}: numbers of seconds, durations, and arithmetic with
 * both, which is done at once. Lives inside one parse.
 */
@OwnedBy(Role.QUERY)
final class DurationReader {
    /** What fits into 64 bits of nanoseconds. */
    private static final double MOST_SECONDS = 0x1p63 / 1e9;

    private static final int MOST_DEPTH = 100;

    private final Words words;
    private int depth;

    DurationReader(Words words) {
        this.words = words;
    }

    /** Milliseconds of what must be above 0. */
    long positive(String context, String expected) throws ParseException {
        Position start = words.current().position();
        double seconds = sum(context, expected, 0);
        if (seconds <= 0) {
            throw words.error(new Position(start.start(), words.lastEnd()), "duration must be greater than 0");
        }
        return millis(seconds);
    }

    /** Milliseconds behind {@code offset}: one number with or without a sign, or arithmetic in parentheses. */
    long offset() throws ParseException {
        boolean negative = words.is(TokenType.SUB);
        if (negative || words.is(TokenType.ADD)) {
            Token unused = words.take();
        }
        double seconds = operand("offset", "number, duration, step(), or range()");
        return millis(negative ? -seconds : seconds);
    }

    private static long millis(double seconds) {
        // By way of nanoseconds, of which parts are cut off, as in the reference.
        return Math.round(seconds * 1e9) / 1_000_000;
    }

    private double sum(String context, String expected, int precedence) throws ParseException {
        double left = operand(context, expected);
        while (true) {
            BinaryOp op = BinaryOp.of(words.current().type());
            boolean arithmetic = op != null && !op.isSet() && !op.isComparison() && op != BinaryOp.ATAN2;
            if (op == null || !arithmetic || op.precedence() < precedence) {
                return left;
            }
            Token sign = words.take();
            double right = sum(context, expected, op == BinaryOp.POW ? op.precedence() : op.precedence() + 1);
            left = inRange(apply(op, left, right, sign), sign);
        }
    }

    private double apply(BinaryOp op, double left, double right, Token sign) throws ParseException {
        if (right == 0 && (op == BinaryOp.DIV || op == BinaryOp.MOD)) {
            throw words.error(sign.position(), (op == BinaryOp.DIV ? "division" : "modulo") + " by zero");
        }
        return switch (op) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
            case MOD -> left % right;
            default -> Math.pow(left, right);
        };
    }

    private double operand(String context, String expected) throws ParseException {
        if (++depth > MOST_DEPTH) {
            throw words.error(words.current().position(), "duration expression is nested too deep");
        }
        double seconds = signed(context, expected);
        depth--;
        return seconds;
    }

    private double signed(String context, String expected) throws ParseException {
        Token word = words.current();
        return switch (word.type()) {
            case ADD -> {
                Token unused = words.take();
                yield operand(context, expected);
            }
            case SUB -> {
                Token unused = words.take();
                yield -sum(context, expected, BinaryOp.POW.precedence());
            }
            case NUMBER, DURATION -> inRange(words.seconds(words.take()), word);
            case LEFT_PAREN -> parenthesis(context, expected);
            case STEP, RANGE, MAX_OF, MIN_OF -> {
                Token unused = words.take();
                throw words.is(TokenType.LEFT_PAREN)
                        ? words.error(word.position(), "experimental duration expression is not enabled")
                        : words.unexpected(context, expected);
            }
            default -> throw words.unexpected(context, expected);
        };
    }

    private double parenthesis(String context, String expected) throws ParseException {
        Token unused = words.take();
        double inside = sum(context, expected, 0);
        if (!words.tryTake(TokenType.RIGHT_PAREN)) {
            throw words.unexpected(context, "\")\"");
        }
        return inside;
    }

    private double inRange(double seconds, Token word) throws ParseException {
        if (!(Math.abs(seconds) < MOST_SECONDS)) {
            throw words.error(word.position(), "duration out of range");
        }
        return seconds;
    }
}
