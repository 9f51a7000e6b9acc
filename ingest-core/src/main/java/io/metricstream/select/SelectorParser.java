package io.metricstream.select;

import io.metricstream.model.Labels;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a series selector as PromQL has it: {@code cpu_usage{host="server1",region=~"eu-.*",zone!="a"}}, a name alone,
 * matchers alone, and, for names that are no identifiers, {@code {"my.metric","my.tag"="x"}}. Lives inside one call.
 */
@OwnedBy(Role.QUERY)
public final class SelectorParser {
    private final String in;
    private final RegexBudget budget;
    private int at;
    private final List<Matcher> matchers = new ArrayList<>();
    private boolean named;

    private SelectorParser(String in, RegexBudget budget) {
        this.in = in;
        this.budget = budget;
    }

    /** The matchers of a selector, in its order, the name first; none for {@code {}}, which selects everything. */
    public static List<Matcher> parse(String selector) throws SelectorException {
        return parse(selector, new RegexBudget());
    }

    /** The same of one of several selectors, whose regular expressions share a budget. */
    public static List<Matcher> parse(String selector, RegexBudget budget) throws SelectorException {
        var parser = new SelectorParser(selector, budget);
        parser.selector();
        return List.copyOf(parser.matchers);
    }

    private void selector() throws SelectorException {
        skipSpace();
        String name = identifier(true);
        if (!name.isEmpty()) {
            metricName(name, at - name.length());
        }
        skipSpace();
        boolean braces = tryTake("{");
        if (braces) {
            braces();
            skipSpace();
        } else if (name.isEmpty()) {
            throw wanted("a metric name or {");
        }
        if (at < in.length()) {
            throw wanted(braces ? "the end" : "{ or the end; a name with other characters is written {\"my.metric\"}");
        }
    }

    /** What is between braces, up to the one that closes; a comma may follow the last matcher. */
    private void braces() throws SelectorException {
        skipSpace();
        while (!tryTake("}")) {
            matcher();
            skipSpace();
            if (!tryTake(",") && (at >= in.length() || in.charAt(at) != '}')) {
                throw wanted(", or }");
            }
            skipSpace();
        }
    }

    private void matcher() throws SelectorException {
        int from = at;
        boolean quoted = QuotedText.startsAt(in, at);
        String label = quoted ? quoted() : identifier(false);
        if (!quoted && label.isEmpty()) {
            throw wanted("a label name, a quoted name or }");
        }
        skipSpace();
        MatchOp op = op();
        if (op == null) {
            if (!quoted) {
                throw wanted("one of = != =~ !~");
            }
            metricName(label, from);
            return;
        }
        skipSpace();
        int valueFrom = at;
        if (!QuotedText.startsAt(in, at)) {
            throw wanted("a quoted text");
        }
        String value = quoted();
        try {
            if (op.isRegex()) {
                budget.take(value);
            }
            matchers.add(new Matcher(label, op, value));
        } catch (IllegalArgumentException e) {
            throw new SelectorException(valueFrom, String.valueOf(e.getMessage()));
        }
    }

    private void metricName(String name, int from) throws SelectorException {
        if (named) {
            throw new SelectorException(from, "found a second metric name, wanted one");
        }
        named = true;
        matchers.add(0, Matcher.equal(Labels.NAME, name));
    }

    private @Nullable MatchOp op() {
        if (tryTake("=~")) {
            return MatchOp.REGEX;
        }
        if (tryTake("!~")) {
            return MatchOp.NOT_REGEX;
        }
        if (tryTake("!=")) {
            return MatchOp.NOT_EQUAL;
        }
        return tryTake("=") ? MatchOp.EQUAL : null;
    }

    /** Letters, digits and underscores, in a metric name colons too; empty where there is none. */
    private String identifier(boolean colons) {
        int from = at;
        while (at < in.length() && isIdentifier(in.charAt(at), at > from, colons)) {
            at++;
        }
        return in.substring(from, at);
    }

    private static boolean isIdentifier(char c, boolean digits, boolean colons) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || (digits && c >= '0' && c <= '9')
                || (colons && c == ':');
    }

    private String quoted() throws SelectorException {
        var text = new QuotedText(in, at);
        String read = text.read();
        at = text.end();
        return read;
    }

    private boolean tryTake(String token) {
        boolean there = in.startsWith(token, at);
        at += there ? token.length() : 0;
        return there;
    }

    /** Blanks and, up to the end of the line, comments. */
    private void skipSpace() {
        while (at < in.length()) {
            char c = in.charAt(at);
            if (c == '#') {
                int end = in.indexOf('\n', at);
                at = end < 0 ? in.length() : end;
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
            } else {
                return;
            }
        }
    }

    private SelectorException wanted(String what) {
        String found = at >= in.length() ? "the end" : "\"" + Character.toString(in.codePointAt(at)) + "\"";
        return new SelectorException(at, "found " + found + ", wanted " + what);
    }
}
