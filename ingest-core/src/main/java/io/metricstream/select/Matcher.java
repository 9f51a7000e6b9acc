package io.metricstream.select;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One condition on one label, as in {@code host=~"web-.*"}. The metric's name is the label
 * {@link io.metricstream.model.Labels#NAME}; a label that a series does not have counts as empty. Regular expressions are RE2's, match the whole value, and {@code .} matches
 * newlines; they take time linear in the value.
 *
 * <p>Immutable. Limits: an expression's program has about {@link RegexSize#MOST} steps at most. Fails:
 * {@link IllegalArgumentException} on an expression that is none, or too large.
 */
public final class Matcher {
    private final String label;
    private final MatchOp op;
    private final String value;
    private final @Nullable Pattern pattern;

    public Matcher(String label, MatchOp op, String value) {
        this.label = label;
        this.op = op;
        this.value = value;
        this.pattern = op.isRegex() ? compile(value) : null;
    }

    public static Matcher equal(String label, String value) {
        return new Matcher(label, MatchOp.EQUAL, value);
    }

    public String label() {
        return label;
    }

    public MatchOp op() {
        return op;
    }

    /** What is compared with: a text, or the source of the regular expression. */
    public String value() {
        return value;
    }

    /** Whether a series whose label has this value (empty where it has none) is selected. */
    public boolean matches(String labelValue) {
        Pattern expression = pattern;
        boolean same = expression == null ? value.equals(labelValue) : expression.matches(labelValue);
        return same != op.isNegative();
    }

    /** Whether a series without the label is selected. */
    public boolean matchesEmpty() {
        return matches("");
    }

    private static Pattern compile(String expression) {
        if (RegexSize.of(expression) > RegexSize.MOST) {
            throw new IllegalArgumentException("regular expression too large: found=" + expression
                    + ", wanted=repetitions that come to " + RegexSize.MOST + " steps at most");
        }
        try {
            return Pattern.compile(expression, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "not a regular expression: found=" + expression + ", cause=" + e.getDescription(), e);
        }
    }

    /** Whether all of them let through a series with these labels; one that is not there is the empty string. */
    public static boolean allMatch(List<Matcher> matchers, UnaryOperator<String> labels) {
        for (Matcher matcher : matchers) {
            if (!matcher.matches(labels.apply(matcher.label()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Matcher that && label.equals(that.label) && op == that.op && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(label, op, value);
    }

    @Override
    public String toString() {
        return label
                + op.text()
                + '"'
                + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
                + '"';
    }
}
