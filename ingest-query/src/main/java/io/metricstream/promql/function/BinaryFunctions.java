package io.metricstream.promql.function;

import io.metricstream.promql.parse.BinaryOp;

/** Operators on two numbers. Stateless. */
public final class BinaryFunctions {
    private BinaryFunctions() {}

    /** What arithmetic gives. */
    public static double arithmetic(BinaryOp op, double left, double right) {
        return switch (op) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
            case MOD -> left % right;
            case ATAN2 -> Math.atan2(left, right);
            case POW -> pow(left, right);
            default -> throw new IllegalArgumentException("no arithmetic: " + op.text());
        };
    }

    /** Whether a comparison is true. */
    public static boolean compares(BinaryOp op, double left, double right) {
        return switch (op) {
            case EQUAL -> left == right;
            case NOT_EQUAL -> left != right;
            case LESS -> left < right;
            case LESS_OR_EQUAL -> left <= right;
            case GREATER -> left > right;
            case GREATER_OR_EQUAL -> left >= right;
            default -> throw new IllegalArgumentException("no comparison: " + op.text());
        };
    }

    /** As C has it: 1 to any power is 1, and so is -1 to an infinite one. */
    private static double pow(double base, double exponent) {
        boolean one = base == 1 || (base == -1 && Double.isInfinite(exponent));
        return one ? 1 : Math.pow(base, exponent);
    }
}
