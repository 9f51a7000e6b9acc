package io.metricstream.storage.part;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be known of the texts that a regular expression matches without running it: that it is a choice between some
 * literals, or that they all begin with one. Knows nothing of expressions it does not understand, which costs time and
 * nothing else.
 *
 * @param literals the only texts it matches, or null where that is not known
 * @param prefix what every matching text begins with; empty where nothing is known
 */
record LiteralPattern(@Nullable List<String> literals, String prefix) {
    private static final LiteralPattern UNKNOWN = new LiteralPattern(null, "");
    private static final String META = "\\.+*?()[]{}^$|";

    static LiteralPattern of(String expression) {
        String inner = withoutGroup(expression);
        List<String> literals = alternatives(inner);
        if (literals != null) {
            return new LiteralPattern(literals, literals.size() == 1 ? literals.get(0) : "");
        }
        return hasChoiceAtTop(inner) ? UNKNOWN : new LiteralPattern(null, prefix(inner));
    }

    /** The expression inside of a group that is all of it. */
    private static String withoutGroup(String expression) {
        String inner = expression.startsWith("(?:") ? expression.substring(3) : expression;
        if (inner.equals(expression)) {
            if (!expression.startsWith("(") || expression.startsWith("(?")) {
                return expression;
            }
            inner = expression.substring(1);
        }
        boolean closedAtEnd = inner.endsWith(")") && depthNeverBelow(inner.substring(0, inner.length() - 1));
        return closedAtEnd ? inner.substring(0, inner.length() - 1) : expression;
    }

    private static boolean depthNeverBelow(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || c == '[') {
                return false;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0) {
                return false;
            }
        }
        return depth == 0;
    }

    /** The literals between top-level bars, or null where there is anything else. */
    private static @Nullable List<String> alternatives(String expression) {
        var literals = new ArrayList<String>();
        var literal = new StringBuilder();
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '|') {
                literals.add(literal.toString());
                literal.setLength(0);
            } else if (c == '\\' && i + 1 < expression.length() && META.indexOf(expression.charAt(i + 1)) >= 0) {
                literal.append(expression.charAt(++i));
            } else if (META.indexOf(c) >= 0) {
                return null;
            } else {
                literal.append(c);
            }
        }
        literals.add(literal.toString());
        return literals;
    }

    private static boolean hasChoiceAtTop(String expression) {
        int depth = 0;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '[' || (c == '\\' && i + 1 < expression.length() && expression.charAt(i + 1) == 'Q')) {
                // Classes and quotations may hold a bar that is none; better to know nothing.
                return expression.indexOf('|') >= 0;
            }
            if (c == '\\') {
                i++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == '|' && depth == 0) {
                return true;
            }
        }
        return false;
    }

    private static String prefix(String expression) {
        var prefix = new StringBuilder();
        int lastStart = 0;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '*' || c == '?' || c == '{') {
                // The character before may not be there.
                prefix.setLength(lastStart);
                break;
            }
            boolean escaped = c == '\\' && i + 1 < expression.length() && META.indexOf(expression.charAt(i + 1)) >= 0;
            if (META.indexOf(c) >= 0 && !escaped) {
                break;
            }
            boolean lowHalf = Character.isLowSurrogate(c);
            lastStart = lowHalf ? lastStart : prefix.length();
            prefix.append(escaped ? expression.charAt(++i) : c);
        }
        return prefix.toString();
    }
}
