package io.metricstream.promql.parse;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.text.GoText;
import java.util.Locale;

/**
 * Takes a query apart into words. What a character means depends on whether braces or brackets are open.
 *
 * <p>Lives inside one parse. Fails: {@link ParseException}, after which it must not be asked again.
 */
@OwnedBy(Role.QUERY)
final class Lexer {
    private static final int END = -1;

    private final String in;
    private int at;
    private int parens;
    private boolean braces;
    private boolean brackets;
    private boolean colon;

    Lexer(String in) {
        this.in = in;
    }

    /** The next word, without blanks and comments; {@link TokenType#END} behind the last, any number of times. */
    Token next() throws ParseException {
        skipBlanksAndComments();
        int start = at;
        int c = peek();
        if (c == END) {
            return atEnd();
        }
        if (braces) {
            return insideBraces(start, c);
        }
        if (isDigit(c) || (c == '.' && isDigit(peekSecond()))) {
            return numberOrDuration(start);
        }
        if (brackets) {
            return insideBrackets(start, c);
        }
        if (c == '"' || c == '\'' || c == '`') {
            return string(start);
        }
        if (isAlpha(c) || c == ':') {
            return wordOrMetric(start);
        }
        return sign(start, c);
    }

    private Token atEnd() throws ParseException {
        if (braces) {
            throw error(at, "unexpected end of input inside braces");
        }
        if (parens != 0) {
            throw error(at, "unclosed left parenthesis");
        }
        if (brackets) {
            throw error(at, "unclosed left bracket");
        }
        return token(TokenType.END, at);
    }

    private Token insideBraces(int start, int c) throws ParseException {
        if (isAlpha(c)) {
            skipWord(false);
            return token(TokenType.IDENTIFIER, start);
        }
        if (c == '"' || c == '\'' || c == '`') {
            return string(start);
        }
        at += Character.charCount(c);
        return switch (c) {
            case ',' -> token(TokenType.COMMA, start);
            case '=' -> token(tryTake('~') ? TokenType.EQL_REGEX : TokenType.EQL, start);
            case '!' -> {
                boolean regex = tryTake('~');
                if (!regex && !tryTake('=')) {
                    throw error(start, "unexpected character after '!' inside braces: " + shown(peek()));
                }
                yield token(regex ? TokenType.NEQ_REGEX : TokenType.NEQ, start);
            }
            case '}' -> {
                braces = false;
                yield token(TokenType.RIGHT_BRACE, start);
            }
            case '{' -> throw error(start, "unexpected left brace '{'");
            default -> throw error(start, "unexpected character inside braces: " + shown(c));
        };
    }

    private Token insideBrackets(int start, int c) throws ParseException {
        if (isAlpha(c)) {
            skipWord(false);
            TokenType word = TokenType.ofWord(in.substring(start, at).toLowerCase(Locale.ROOT));
            boolean duration = word.isFunctionKeyword() && word != TokenType.START && word != TokenType.FINISH;
            if (duration) {
                return token(word, start);
            }
            throw error(start, "unexpected character in duration expression: " + shown(c));
        }
        if (c == ':') {
            at++;
            if (colon) {
                throw error(start, "unexpected repeated colon in duration expression");
            }
            colon = true;
            return token(TokenType.COLON, start);
        }
        if ("+-*/%^(),]".indexOf(c) < 0) {
            throw error(start, "unexpected character in duration expression: " + shown(c));
        }
        return sign(start, c);
    }

    private Token sign(int start, int c) throws ParseException {
        at += Character.charCount(c);
        return switch (c) {
            case ',' -> token(TokenType.COMMA, start);
            case '*' -> token(TokenType.MUL, start);
            case '/' -> token(TokenType.DIV, start);
            case '%' -> token(TokenType.MOD, start);
            case '+' -> token(TokenType.ADD, start);
            case '-' -> token(TokenType.SUB, start);
            case '^' -> token(TokenType.POW, start);
            case '@' -> token(TokenType.AT, start);
            case '<' -> token(tryTake('=') ? TokenType.LTE : TokenType.LSS, start);
            case '>' -> token(tryTake('=') ? TokenType.GTE : TokenType.GTR, start);
            case '=' -> equals(start);
            case '!' -> notEqual(start);
            case '(' -> {
                parens++;
                yield token(TokenType.LEFT_PAREN, start);
            }
            case ')' -> {
                if (--parens < 0) {
                    throw error(start, "unexpected right parenthesis ')'");
                }
                yield token(TokenType.RIGHT_PAREN, start);
            }
            case '{' -> {
                braces = true;
                yield token(TokenType.LEFT_BRACE, start);
            }
            case '[' -> {
                brackets = true;
                colon = false;
                yield token(TokenType.LEFT_BRACKET, start);
            }
            case ']' -> {
                if (!brackets) {
                    throw error(start, "unexpected right bracket ']'");
                }
                brackets = false;
                yield token(TokenType.RIGHT_BRACKET, start);
            }
            default -> throw error(start, "unexpected character: " + shown(c));
        };
    }

    private Token equals(int start) throws ParseException {
        if (peek() == '~') {
            throw error(start, "unexpected character after '=': '~'");
        }
        return token(tryTake('=') ? TokenType.EQLC : TokenType.EQL, start);
    }

    private Token notEqual(int start) throws ParseException {
        if (!tryTake('=')) {
            throw error(start, "unexpected character after '!': " + shown(peek()));
        }
        return token(TokenType.NEQ, start);
    }

    private Token string(int start) throws ParseException {
        at = StringScanner.end(in, start);
        return token(TokenType.STRING, start);
    }

    private Token wordOrMetric(int start) {
        skipWord(true);
        String word = in.substring(start, at);
        TokenType type = TokenType.ofWord(word.toLowerCase(Locale.ROOT));
        boolean metric = type == TokenType.IDENTIFIER && word.indexOf(':') >= 0;
        return token(metric ? TokenType.METRIC_IDENTIFIER : type, start);
    }

    private Token numberOrDuration(int start) throws ParseException {
        var scanner = new NumberScanner(in, start);
        boolean number = scanner.scanNumber();
        if (!number && !scanner.scanDuration()) {
            throw error(start, "bad number or duration syntax: " + GoText.quote(in.substring(start, scanner.end())));
        }
        at = scanner.end();
        return token(number ? TokenType.NUMBER : TokenType.DURATION, start);
    }

    private void skipWord(boolean colons) {
        while (isAlpha(peek()) || isDigit(peek()) || (colons && peek() == ':')) {
            at++;
        }
    }

    private void skipBlanksAndComments() {
        while (at < in.length()) {
            char c = in.charAt(at);
            if (c == '#') {
                while (at < in.length() && in.charAt(at) != '\n' && in.charAt(at) != '\r') {
                    at++;
                }
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
            } else {
                return;
            }
        }
    }

    private boolean tryTake(char wanted) {
        boolean there = peek() == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private int peek() {
        return at < in.length() ? in.codePointAt(at) : END;
    }

    private int peekSecond() {
        return at + 1 < in.length() ? in.charAt(at + 1) : END;
    }

    private Token token(TokenType type, int start) {
        return new Token(type, in.substring(start, at), new Position(start, at));
    }

    private ParseException error(int start, String problem) {
        return new ParseException(in, new Position(start, in.length()), problem);
    }

    private static String shown(int c) {
        return c == END ? "end of input" : GoText.quoteCharacter(c);
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isAlpha(int c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
