package io.metricstream.rules.template;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.text.GoNumber;
import io.metricstream.rules.template.ActionLexer.Kind;
import io.metricstream.rules.template.ActionLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes operands of what stands between one pair of braces. Lives inside one parse. */
@OwnedBy(Role.RULES)
final class ActionParser {
    private static final Set<String> KEYWORDS =
            Set.of("if", "else", "end", "range", "with", "define", "template", "block", "break", "continue");

    private final String in;
    private final ActionLexer lexer;
    private final Scope scope;
    private @Nullable Token ahead;
    private int keywordAt;
    private int depth;

    ActionParser(String in, int at, Scope scope) {
        this.in = in;
        this.lexer = new ActionLexer(in, at);
        this.scope = scope;
    }

    /** The keyword that comes next, taken; empty where there is none. */
    String keyword() throws TemplateException {
        Token token = peek();
        if (token.kind() != Kind.WORD || !KEYWORDS.contains(token.text())) {
            return "";
        }
        keywordAt = take().at();
        return token.text();
    }

    int keywordAt() {
        return keywordAt;
    }

    /** Takes the end of the action. */
    void finish() throws TemplateException {
        Token token = take();
        if (token.kind() != Kind.END) {
            throw unexpected(token);
        }
    }

    int end() {
        return lexer.end();
    }

    boolean trimsAfter() {
        return lexer.trimsAfter();
    }

    /** An action without a keyword. */
    Node output() throws TemplateException {
        Token first = peek();
        if (first.kind() != Kind.VARIABLE) {
            return new Node.Output(pipeline());
        }
        take();
        Kind then = peek().kind();
        if (then != Kind.DECLARE && then != Kind.ASSIGN) {
            return new Node.Output(piped(afterTerm(variable(first))));
        }
        take();
        if (then == Kind.ASSIGN && !scope.has(first.text())) {
            throw undefined(first);
        }
        Operand value = pipeline();
        if (then == Kind.DECLARE) {
            scope.add(first.text());
        }
        return new Node.Set(first.text(), then == Kind.DECLARE, value);
    }

    /** The name in {@code $name := }, taken; empty where there is none. */
    String declaredName() throws TemplateException {
        List<String> names = rangeNames();
        if (names.size() > 1) {
            throw TemplateException.at(in, keywordAt, "too many declarations");
        }
        return names.isEmpty() ? "" : names.get(0);
    }

    /** The names in {@code $key, $value := }, taken. */
    List<String> rangeNames() throws TemplateException {
        var look = new ActionLexer(in, peek().at());
        var names = new ArrayList<String>();
        Token token = look.next();
        while (token.kind() == Kind.VARIABLE && names.size() < 2) {
            names.add(token.text());
            token = look.next();
            if (token.kind() == Kind.DECLARE) {
                for (int taken = 0; taken < names.size() * 2; taken++) {
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

    Operand pipeline() throws TemplateException {
        return piped(command());
    }

    private Operand piped(Operand first) throws TemplateException {
        Operand value = first;
        while (peek().kind() == Kind.PIPE) {
            take();
            Token function = take();
            if (function.kind() != Kind.WORD) {
                throw TemplateException.at(in, function.at(), "non executable command in pipeline");
            }
            value = call(function, value);
        }
        return value;
    }

    private Operand command() throws TemplateException {
        Token token = take();
        if (token.kind() == Kind.WORD && !isConstant(token.text())) {
            return afterTerm(call(token, null));
        }
        return afterTerm(term(token));
    }

    private Operand call(Token name, @Nullable Operand last) throws TemplateException {
        Function function = function(name);
        var arguments = new ArrayList<Operand>();
        while (isTermNext()) {
            arguments.add(withFields(term(take())));
        }
        if (last != null) {
            arguments.add(last);
        }
        return checked(function, arguments, name);
    }

    private Operand checked(Function function, List<Operand> arguments, Token name) throws TemplateException {
        if (arguments.size() < function.least() || arguments.size() > function.most()) {
            throw TemplateException.at(
                    in,
                    name.at(),
                    "wrong number of arguments for " + function.word() + ": found " + arguments.size() + ", wanted "
                            + function.least() + (function.most() == Function.ANY ? " or more" : ""));
        }
        return new Operand.Call(function, arguments);
    }

    private Function function(Token name) throws TemplateException {
        Function function = Functions.of(name.text());
        if (function == null) {
            throw TemplateException.at(
                    in, name.at(), "function \"" + name.text() + "\" not defined, wanted one of " + Functions.words());
        }
        return function;
    }

    /** What has no function before it takes no arguments. */
    private Operand afterTerm(Operand term) throws TemplateException {
        Operand whole = withFields(term);
        Token token = peek();
        if (isTermNext()) {
            throw TemplateException.at(in, token.at(), "can't give argument to non-function");
        }
        return whole;
    }

    private Operand withFields(Operand term) throws TemplateException {
        Operand whole = term;
        while (peek().kind() == Kind.FIELD && peek().joined()) {
            whole = new Operand.Field(whole, take().text());
        }
        return whole;
    }

    private boolean isTermNext() throws TemplateException {
        return switch (peek().kind()) {
            case NUMBER, STRING, VARIABLE, FIELD, DOT, WORD, OPEN -> true;
            default -> false;
        };
    }

    private Operand term(Token token) throws TemplateException {
        return switch (token.kind()) {
            case NUMBER -> new Operand.Constant(number(token));
            case STRING -> new Operand.Constant(token.text());
            case DOT -> new Operand.Dot();
            case FIELD -> new Operand.Field(new Operand.Dot(), token.text());
            case VARIABLE -> variable(token);
            case WORD ->
                isConstant(token.text())
                        ? new Operand.Constant(token.text().equals("true"))
                        : checked(function(token), List.of(), token);
            case OPEN -> inParentheses(token);
            default -> throw unexpected(token);
        };
    }

    private Operand inParentheses(Token open) throws TemplateException {
        if (++depth > Template.MOST_DEPTH) {
            throw TemplateException.at(in, open.at(), "nested deeper than " + Template.MOST_DEPTH);
        }
        Operand inner = pipeline();
        Token close = take();
        if (close.kind() != Kind.CLOSE) {
            throw unexpected(close);
        }
        depth--;
        return inner;
    }

    private Operand variable(Token token) throws TemplateException {
        if (!scope.has(token.text())) {
            throw undefined(token);
        }
        return new Operand.Variable(token.text());
    }

    private Object number(Token token) throws TemplateException {
        try {
            return Long.valueOf(token.text());
        } catch (NumberFormatException notWhole) {
            OptionalDouble number = GoNumber.parse(token.text());
            if (number.isEmpty()) {
                throw TemplateException.at(in, token.at(), "bad number syntax: " + token.text());
            }
            return number.getAsDouble();
        }
    }

    private static boolean isConstant(String word) {
        return word.equals("true") || word.equals("false");
    }

    private Token peek() throws TemplateException {
        Token token = ahead;
        if (token == null) {
            token = lexer.next();
            ahead = token;
        }
        return token;
    }

    private Token take() throws TemplateException {
        Token token = peek();
        ahead = null;
        return token;
    }

    private TemplateException undefined(Token variable) {
        return TemplateException.at(in, variable.at(), "undefined variable " + variable.text());
    }

    private TemplateException unexpected(Token token) {
        String found = token.kind() == Kind.END ? "the end of the action" : "\"" + token.text() + "\"";
        return TemplateException.at(in, token.at(), "found " + found + ", wanted a value");
    }
}
