package io.metricstream.promql.parse;

import io.metricstream.model.Labels;
import io.metricstream.promql.text.GoText;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a metric's name and matchers in braces, of which one may be missing. Stateless. */
final class SelectorReader {
    private static final String CONTEXT = "label matching";

    private SelectorReader() {}

    /** The selector whose name, where it has one before braces, was just taken. */
    static Expr.VectorSelector read(Words words, @Nullable Token name) throws ParseException {
        int start = name == null
                ? words.current().position().start()
                : name.position().start();
        List<Matcher> matchers = words.is(TokenType.LEFT_BRACE) ? braces(words) : new ArrayList<>();
        if (name != null) {
            matchers.add(Matcher.equal(Labels.NAME, name.text()));
        }
        return new Expr.VectorSelector(
                name == null ? "" : name.text(), matchers, Shift.NONE, new Position(start, words.lastEnd()));
    }

    private static List<Matcher> braces(Words words) throws ParseException {
        Token unused = words.take();
        var matchers = new ArrayList<Matcher>();
        while (!words.tryTake(TokenType.RIGHT_BRACE)) {
            matchers.add(matcher(words));
            if (!words.tryTake(TokenType.COMMA) && !words.is(TokenType.RIGHT_BRACE)) {
                throw words.unexpected(CONTEXT, "\",\" or \"}\"");
            }
        }
        return matchers;
    }

    private static Matcher matcher(Words words) throws ParseException {
        boolean quoted = words.is(TokenType.STRING);
        if (!quoted && !words.is(TokenType.IDENTIFIER)) {
            throw words.unexpected(CONTEXT, "identifier or \"}\"");
        }
        Token label = words.take();
        String name = quoted ? GoText.unquote(label.text()) : label.text();
        MatchOp op = op(words.current().type());
        if (op == null) {
            if (!quoted) {
                throw words.unexpected(CONTEXT, "label matching operator");
            }
            return Matcher.equal(Labels.NAME, name);
        }
        Token unused = words.take();
        if (!words.is(TokenType.STRING)) {
            throw words.unexpected(CONTEXT, "string");
        }
        Token value = words.take();
        try {
            return new Matcher(name, op, GoText.unquote(value.text()));
        } catch (IllegalArgumentException e) {
            throw words.error(label.position().to(value.position()), String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable MatchOp op(TokenType type) {
        return switch (type) {
            case EQL -> MatchOp.EQUAL;
            case NEQ -> MatchOp.NOT_EQUAL;
            case EQL_REGEX -> MatchOp.REGEX;
            case NEQ_REGEX -> MatchOp.NOT_REGEX;
            default -> null;
        };
    }
}
