package io.metricstream.rules.template;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.rules.template.ActionLexer.Kind;
import io.metricstream.rules.template.ActionLexer.Token;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words between one pair of braces, looked at before they are taken. Lives inside one parse. */
@OwnedBy(Role.RULES)
final class ActionWords {
    /** Each word of a long pipe lies deeper in the value than the one before, and values are worked out by recursion. */
    private static final int MOST_WORDS = 500;

    private final String in;
    private final ActionLexer lexer;
    private @Nullable Token ahead;
    private int taken;

    ActionWords(String in, int at) {
        this.in = in;
        this.lexer = new ActionLexer(in, at);
    }

    Token peek() throws TemplateException {
        Token token = ahead;
        if (token == null) {
            token = lexer.next();
            ahead = token;
        }
        return token;
    }

    Token take() throws TemplateException {
        Token token = peek();
        if (++taken > MOST_WORDS) {
            throw TemplateException.at(in, token.at(), "found more than " + MOST_WORDS + " words in an action");
        }
        ahead = null;
        return token;
    }

    /** Takes the end of the action. */
    void finish() throws TemplateException {
        Token token = take();
        if (token.kind() != Kind.END) {
            throw unexpected(token);
        }
    }

    /** Where the text goes on behind the end. */
    int end() {
        return lexer.end();
    }

    /** Whether blanks behind the braces are to go. */
    boolean trimsAfter() {
        return lexer.trimsAfter();
    }

    /** Whether the next word is the beginning of an argument. */
    boolean isTermNext() throws TemplateException {
        return switch (peek().kind()) {
            case NUMBER, STRING, VARIABLE, FIELD, DOT, WORD, OPEN -> true;
            default -> false;
        };
    }

    /** The names in {@code $key, $value := }, taken; none where the action does not begin so. */
    List<String> declaredNames() throws TemplateException {
        var look = new ActionLexer(in, peek().at());
        var names = new ArrayList<String>();
        Token token = look.next();
        while (token.kind() == Kind.VARIABLE && names.size() < 2) {
            names.add(token.text());
            token = look.next();
            if (token.kind() == Kind.DECLARE) {
                for (int word = 0; word < names.size() * 2; word++) {
                    take();
                }
                return names;
            }
            if (token.kind() != Kind.COMMA) {
                return List.of();
            }
            token = look.next();
        }
        return List.of();
    }

    TemplateException unexpected(Token token) {
        String found = token.kind() == Kind.END ? "the end of the action" : "\"" + token.text() + "\"";
        return TemplateException.at(in, token.at(), "found " + found + ", wanted a value");
    }
}
