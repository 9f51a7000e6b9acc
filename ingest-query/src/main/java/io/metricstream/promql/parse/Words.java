package io.metricstream.promql.parse;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.text.DurationText;
import io.metricstream.promql.text.GoNumber;
import java.util.Locale;
import java.util.OptionalDouble;

/** The words of one query, one ahead. Lives inside one parse. */
@OwnedBy(Role.QUERY)
final class Words {
    private static final double MILLIS = 1000;

    private final String query;
    private final Lexer lexer;
    private Token current;
    private int lastEnd;

    Words(String query) throws ParseException {
        this.query = query;
        this.lexer = new Lexer(query);
        this.current = lexer.next();
    }

    /** The word that is next. */
    Token current() {
        return current;
    }

    boolean is(TokenType type) {
        return current.type() == type;
    }

    /** Takes the next word. */
    Token take() throws ParseException {
        Token taken = current;
        lastEnd = taken.position().end();
        current = lexer.next();
        return taken;
    }

    boolean tryTake(TokenType type) throws ParseException {
        if (!is(type)) {
            return false;
        }
        Token unused = take();
        return true;
    }

    /** Index behind the word that was taken last. */
    int lastEnd() {
        return lastEnd;
    }

    String lowerCase(Token token) {
        return token.text().toLowerCase(Locale.ROOT);
    }

    /** What a number or a duration says, the latter in seconds. */
    double seconds(Token literal) throws ParseException {
        try {
            return literal.type() == TokenType.DURATION
                    ? DurationText.parseMillis(literal.text()) / MILLIS
                    : number(literal.text());
        } catch (IllegalArgumentException e) {
            throw error(literal.position(), String.valueOf(e.getMessage()));
        }
    }

    private static double number(String text) {
        String digits = text.replace("_", "");
        try {
            boolean hexadecimal = digits.startsWith("0x") || digits.startsWith("0X");
            boolean octal = !hexadecimal && digits.length() > 1 && digits.startsWith("0");
            return Long.parseLong(hexadecimal ? digits.substring(2) : digits, hexadecimal ? 16 : octal ? 8 : 10);
        } catch (NumberFormatException notWhole) {
            OptionalDouble number = GoNumber.parse(digits);
            if (number.isEmpty()) {
                throw new IllegalArgumentException("error parsing number: found " + text, notWhole);
            }
            return number.getAsDouble();
        }
    }

    /** The next word should not be there. */
    ParseException unexpected(String context, String expected) {
        String where = context.isEmpty() ? "" : " in " + context;
        String wanted = expected.isEmpty() ? "" : ", expected " + expected;
        return error(current.position(), "unexpected " + current.description() + where + wanted);
    }

    ParseException error(Position position, String problem) {
        return new ParseException(query, position, problem);
    }
}
