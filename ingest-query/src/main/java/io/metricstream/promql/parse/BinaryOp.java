package io.metricstream.promql.parse;

import org.jspecify.annotations.Nullable;

/** An operator between two expressions, from the loosest to the closest. */
public enum BinaryOp {
    OR(TokenType.OR, 1, Kind.SET),
    AND(TokenType.AND, 2, Kind.SET),
    UNLESS(TokenType.UNLESS, 2, Kind.SET),
    EQUAL(TokenType.EQLC, 3, Kind.COMPARISON),
    NOT_EQUAL(TokenType.NEQ, 3, Kind.COMPARISON),
    LESS_OR_EQUAL(TokenType.LTE, 3, Kind.COMPARISON),
    LESS(TokenType.LSS, 3, Kind.COMPARISON),
    GREATER_OR_EQUAL(TokenType.GTE, 3, Kind.COMPARISON),
    GREATER(TokenType.GTR, 3, Kind.COMPARISON),
    ADD(TokenType.ADD, 4, Kind.ARITHMETIC),
    SUB(TokenType.SUB, 4, Kind.ARITHMETIC),
    MUL(TokenType.MUL, 5, Kind.ARITHMETIC),
    DIV(TokenType.DIV, 5, Kind.ARITHMETIC),
    MOD(TokenType.MOD, 5, Kind.ARITHMETIC),
    ATAN2(TokenType.ATAN2, 5, Kind.ARITHMETIC),
    POW(TokenType.POW, 6, Kind.ARITHMETIC);

    private enum Kind {
        SET,
        COMPARISON,
        ARITHMETIC
    }

    private final TokenType token;
    private final int precedence;
    private final Kind kind;

    BinaryOp(TokenType token, int precedence, Kind kind) {
        this.token = token;
        this.precedence = precedence;
        this.kind = kind;
    }

    public String text() {
        return token.text();
    }

    int precedence() {
        return precedence;
    }

    /** Whether {@code a op b op c} is {@code a op (b op c)}. */
    boolean isRightAssociative() {
        return this == POW;
    }

    public boolean isSet() {
        return kind == Kind.SET;
    }

    public boolean isComparison() {
        return kind == Kind.COMPARISON;
    }

    static @Nullable BinaryOp of(TokenType token) {
        for (BinaryOp op : values()) {
            if (op.token == token) {
                return op;
            }
        }
        return null;
    }
}
