package io.metricstream.rules.template;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.text.GoText;

/**
 * Reads the words between one pair of braces. Lives inside one parse. After {@link Kind#END}, {@link #end} is where the text
 * goes on.
 */
@OwnedBy(Role.RULES)
final class ActionLexer {
    enum Kind {
        NUMBER,
        STRING,
        VARIABLE,
        FIELD,
        DOT,
        WORD,
        OPEN,
        CLOSE,
        PIPE,
        DECLARE,
        ASSIGN,
        COMMA,
        END
    }

    /**
     * One word.
     *
     * @param text as it is written; of a field its name, of a string what it means
     * @param joined whether nothing stands between it and the word before
     */
    record Token(Kind kind, String text, int at, boolean joined) {}

    private static final String CLOSING = "}}";
    private static final String TRIMMING = "-}}";

    private final String in;
    private int at;
    private boolean trimsAfter;

    ActionLexer(String in, int at) {
        this.in = in;
        this.at = at;
    }

    /** Where the text goes on. */
    int end() {
        return at;
    }

    /** Whether blanks behind the braces are to go. */
    boolean trimsAfter() {
        return trimsAfter;
    }

    Token next() throws TemplateException {
        int before = at;
        while (at < in.length() && isSpace(in.charAt(at))) {
            at++;
        }
        boolean joined = at == before;
        int from = at;
        if (at >= in.length()) {
            throw TemplateException.at(in, at, "unclosed action");
        }
        if (!joined && in.startsWith(TRIMMING, at)) {
            at += TRIMMING.length();
            trimsAfter = true;
            return new Token(Kind.END, "", from, joined);
        }
        if (in.startsWith(CLOSING, at)) {
            at += CLOSING.length();
            return new Token(Kind.END, "", from, joined);
        }
        return word(from, joined);
    }

    private Token word(int from, boolean joined) throws TemplateException {
        char c = in.charAt(at);
        char then = at + 1 < in.length() ? in.charAt(at + 1) : ' ';
        if (c == '"' || c == '`') {
            return new Token(Kind.STRING, string(c), from, joined);
        }
        if (isDigit(c) || ((c == '-' || c == '+' || c == '.') && (isDigit(then) || (then == '.' && c != '.')))) {
            at++;
            while (at < in.length() && isNumber(in.charAt(at), in.charAt(at - 1))) {
                at++;
            }
            return new Token(Kind.NUMBER, in.substring(from, at), from, joined);
        }
        if (c == '.' || c == '$') {
            at++;
            String name = name();
            if (c == '$') {
                return new Token(Kind.VARIABLE, "$" + name, from, joined);
            }
            return new Token(name.isEmpty() ? Kind.DOT : Kind.FIELD, name, from, joined);
        }
        if (isLetter(c)) {
            return new Token(Kind.WORD, name(), from, joined);
        }
        if (c == ':' && then == '=') {
            at += 2;
            return new Token(Kind.DECLARE, ":=", from, joined);
        }
        at++;
        Kind kind =
                switch (c) {
                    case '(' -> Kind.OPEN;
                    case ')' -> Kind.CLOSE;
                    case '|' -> Kind.PIPE;
                    case '=' -> Kind.ASSIGN;
                    case ',' -> Kind.COMMA;
                    default ->
                        throw TemplateException.at(
                                in,
                                from,
                                "unexpected " + GoText.quoteCharacter(in.codePointAt(from)) + " in an action");
                };
        return new Token(kind, String.valueOf(c), from, joined);
    }

    private String name() {
        int from = at;
        while (at < in.length() && (isLetter(in.charAt(at)) || isDigit(in.charAt(at)))) {
            at++;
        }
        return in.substring(from, at);
    }

    /** What a text in quotes means. */
    private String string(char quote) throws TemplateException {
        int from = at++;
        while (at < in.length() && in.charAt(at) != quote) {
            if (quote == '"' && in.charAt(at) == '\n') {
                break;
            }
            at += quote == '"' && in.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= in.length() || in.charAt(at) != quote) {
            throw TemplateException.at(in, from, "unterminated quoted string");
        }
        at++;
        String quoted = in.substring(from, at);
        if (quote == '`') {
            return quoted.substring(1, quoted.length() - 1);
        }
        try {
            return GoText.unquote(quoted);
        } catch (IllegalArgumentException e) {
            throw TemplateException.at(in, from, "bad string: " + e.getMessage());
        }
    }

    private static boolean isNumber(char c, char before) {
        boolean sign = (c == '-' || c == '+') && (before == 'e' || before == 'E');
        return isDigit(c) || isLetter(c) || c == '.' || sign;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c == '_' || Character.isLetter(c);
    }
}
