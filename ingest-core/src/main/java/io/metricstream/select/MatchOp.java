package io.metricstream.select;

/** How a matcher compares. */
public enum MatchOp {
    EQUAL("="),
    NOT_EQUAL("!="),
    REGEX("=~"),
    NOT_REGEX("!~");

    private final String text;

    MatchOp(String text) {
        this.text = text;
    }

    /** The operator that is written like this. */
    public static MatchOp of(String text) {
        for (MatchOp op : values()) {
            if (op.text.equals(text)) {
                return op;
            }
        }
        throw new IllegalArgumentException("found " + text + ", wanted one of =, !=, =~, !~");
    }

    /** The operator as it is written. */
    public String text() {
        return text;
    }

    /** Whether what is compared with is a regular expression. */
    public boolean isRegex() {
        return this == REGEX || this == NOT_REGEX;
    }

    /** Whether a value that compares is refused. */
    public boolean isNegative() {
        return this == NOT_EQUAL || this == NOT_REGEX;
    }
}
