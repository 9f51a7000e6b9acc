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
    private final ActionWords words;
    private final Scope scope;
    private int keywordAt;
    private int depth;

    ActionParser(String in, int at, Scope scope) {
        this.in = in;
        this.words = new ActionWords(in, at);
        this.scope = scope;
    }

    /** The keyword that comes next, taken; empty where there is none. */
    String keyword() throws TemplateException {
        Token token = words.peek();
        if (token.kind() != Kind.WORD || !KEYWORDS.contains(token.text())) {
            return "";
        }
        keywordAt = words.take().at();
        return token.text();
    }

    int keywordAt() {
        return keywordAt;
    }

    /** Takes the end of the action. */
    void finish() throws TemplateException {
        words.finish();
    }

    int end() {
        return words.end();
    }

    boolean trimsAfter() {
        return words.trimsAfter();
    }

    /** An action without a keyword. */
    Node output() throws TemplateException {
        Token first = words.peek();
        if (first.kind() != Kind.VARIABLE) {
            return new Node.Output(pipeline());
        }
        words.take();
        Kind then = words.peek().kind();
        if (then != Kind.DECLARE && then != Kind.ASSIGN) {
            return new Node.Output(piped(afterTerm(variable(first))));
        }
        words.take();
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
        return words.declaredNames();
    }

    Operand pipeline() throws TemplateException {
        return piped(command());
    }

    private Operand piped(Operand first) throws TemplateException {
        Operand value = first;
        while (words.peek().kind() == Kind.PIPE) {
            words.take();
            Token function = words.take();
            if (function.kind() != Kind.WORD) {
                throw TemplateException.at(in, function.at(), "non executable command in pipeline");
            }
            value = call(function, value);
        }
        return value;
    }

    private Operand command() throws TemplateException {
        Token token = words.take();
        if (token.kind() == Kind.WORD && !isConstant(token.text())) {
            return afterTerm(call(token, null));
        }
        return afterTerm(term(token));
    }

    private Operand call(Token name, @Nullable Operand last) throws TemplateException {
        Function function = function(name);
        var arguments = new ArrayList<Operand>();
        while (words.isTermNext()) {
            arguments.add(withFields(term(words.take())));
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
        Token token = words.peek();
        if (words.isTermNext()) {
            throw TemplateException.at(in, token.at(), "can't give argument to non-function");
        }
        return whole;
    }

    private Operand withFields(Operand term) throws TemplateException {
        Operand whole = term;
        while (words.peek().kind() == Kind.FIELD && words.peek().joined()) {
            whole = new Operand.Field(whole, words.take().text());
        }
        return whole;
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
            default -> throw words.unexpected(token);
        };
    }

    private Operand inParentheses(Token open) throws TemplateException {
        if (++depth > Template.MOST_DEPTH) {
            throw TemplateException.at(in, open.at(), "nested deeper than " + Template.MOST_DEPTH);
        }
        Operand inner = pipeline();
        Token close = words.take();
        if (close.kind() != Kind.CLOSE) {
            throw words.unexpected(close);
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

    private TemplateException undefined(Token variable) {
        return TemplateException.at(in, variable.at(), "undefined variable " + variable.text());
    }
}
