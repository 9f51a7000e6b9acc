package io.metricstream.promql.parse;

/** The kinds of words that the lexer tells apart. */
enum TokenType {
    END(Group.NAMED, "end of input"),
    IDENTIFIER(Group.NAMED, "identifier"),
    METRIC_IDENTIFIER(Group.NAMED, "metric identifier"),
    STRING(Group.NAMED, "string"),
    NUMBER(Group.NAMED, "number"),
    DURATION(Group.NAMED, "duration"),

    LEFT_PAREN(Group.SIGN, "("),
    RIGHT_PAREN(Group.SIGN, ")"),
    LEFT_BRACE(Group.SIGN, "{"),
    RIGHT_BRACE(Group.SIGN, "}"),
    LEFT_BRACKET(Group.SIGN, "["),
    RIGHT_BRACKET(Group.SIGN, "]"),
    COMMA(Group.SIGN, ","),
    COLON(Group.SIGN, ":"),
    EQL(Group.SIGN, "="),

    ADD(Group.OPERATOR, "+"),
    SUB(Group.OPERATOR, "-"),
    MUL(Group.OPERATOR, "*"),
    DIV(Group.OPERATOR, "/"),
    MOD(Group.OPERATOR, "%"),
    POW(Group.OPERATOR, "^"),
    EQLC(Group.OPERATOR, "=="),
    NEQ(Group.OPERATOR, "!="),
    LTE(Group.OPERATOR, "<="),
    LSS(Group.OPERATOR, "<"),
    GTE(Group.OPERATOR, ">="),
    GTR(Group.OPERATOR, ">"),
    EQL_REGEX(Group.OPERATOR, "=~"),
    NEQ_REGEX(Group.OPERATOR, "!~"),
    AT(Group.OPERATOR, "@"),
    AND(Group.OPERATOR, "and"),
    OR(Group.OPERATOR, "or"),
    UNLESS(Group.OPERATOR, "unless"),
    ATAN2(Group.OPERATOR, "atan2"),

    AGGREGATOR(Group.AGGREGATOR, ""),

    BOOL(Group.KEYWORD, "bool"),
    BY(Group.KEYWORD, "by"),
    WITHOUT(Group.KEYWORD, "without"),
    ON(Group.KEYWORD, "on"),
    IGNORING(Group.KEYWORD, "ignoring"),
    GROUP_LEFT(Group.KEYWORD, "group_left"),
    GROUP_RIGHT(Group.KEYWORD, "group_right"),
    OFFSET(Group.KEYWORD, "offset"),
    ANCHORED(Group.KEYWORD, "anchored"),
    SMOOTHED(Group.KEYWORD, "smoothed"),

    START(Group.SIGN, "start"),
    FINISH(Group.SIGN, "end"),
    STEP(Group.SIGN, "step"),
    RANGE(Group.SIGN, "range"),
    MAX_OF(Group.SIGN, "max_of"),
    MIN_OF(Group.SIGN, "min_of");

    enum Group {
        /** Told with its name before it. */
        NAMED,
        /** Told in double quotes. */
        SIGN,
        OPERATOR,
        AGGREGATOR,
        KEYWORD
    }

    private final Group group;
    private final String text;

    TokenType(Group group, String text) {
        this.group = group;
        this.text = text;
    }

    Group group() {
        return group;
    }

    /** How it is spelled, or what it is called. */
    String text() {
        return text;
    }

    /** The keyword that is spelled so in small letters; an identifier where none is. */
    static TokenType ofWord(String lowerCase) {
        if (lowerCase.equals("inf") || lowerCase.equals("nan")) {
            return NUMBER;
        }
        if (AggregateOp.of(lowerCase) != null) {
            return AGGREGATOR;
        }
        for (TokenType type : values()) {
            boolean word = type.group != Group.NAMED
                    && !type.text.isEmpty()
                    && Character.isLetter(type.text.charAt(0))
                    && type.text.equals(lowerCase);
            if (word) {
                return type;
            }
        }
        return IDENTIFIER;
    }

    /** Whether a metric may be called so without quotes. */
    boolean isMetricName() {
        return switch (this) {
            case IDENTIFIER,
                    METRIC_IDENTIFIER,
                    AGGREGATOR,
                    AND,
                    OR,
                    UNLESS,
                    BY,
                    WITHOUT,
                    OFFSET,
                    ANCHORED,
                    SMOOTHED,
                    START,
                    FINISH,
                    STEP,
                    RANGE,
                    MAX_OF,
                    MIN_OF -> true;
            default -> false;
        };
    }

    /** Whether a label may be called so where labels are listed. */
    boolean isLabelName() {
        return switch (this) {
            case BOOL, ON, IGNORING, GROUP_LEFT, GROUP_RIGHT, ATAN2 -> true;
            case WITHOUT -> false;
            default -> isMetricName();
        };
    }

    /** Whether it can begin a call besides identifiers. */
    boolean isFunctionKeyword() {
        return switch (this) {
            case START, FINISH, STEP, RANGE, MAX_OF, MIN_OF -> true;
            default -> false;
        };
    }
}
