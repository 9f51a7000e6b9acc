package io.metricstream.promql.parse;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.text.GoText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query: operators by their precedence, everything else by its first word.
 *
 * <p>Lives inside one call. Limits: an expression is nested {@value #MOST_DEPTH} levels at most, so that whoever walks over
 * it by recursion has stack enough. Fails: {@link ParseException} for the first thing that is wrong, and for nothing else.
 */
@OwnedBy(Role.QUERY)
public final class PromParser {
    static final int MOST_DEPTH = 400;
    /** A sign before an expression binds like a multiplication: {@code -a^b} is {@code -(a^b)}. */
    private static final int SIGN_PRECEDENCE = BinaryOp.MUL.precedence();

    private final Words words;
    private final Modifiers modifiers;
    private final Heights heights;

    private PromParser(String query) throws ParseException {
        this.words = new Words(query);
        this.heights = new Heights(words);
        this.modifiers = new Modifiers(words, heights);
    }

    /** The checked expression that a query says. */
    public static Expr parse(String query) throws ParseException {
        var parser = new PromParser(query);
        if (parser.words.is(TokenType.END)) {
            throw new ParseException(query, Position.START, "no expression found in input");
        }
        Expr expr = parser.expression(0);
        if (!parser.words.is(TokenType.END)) {
            throw parser.words.unexpected("", "");
        }
        return TypeCheck.check(query, expr);
    }

    /** An expression of operators that bind at least so closely. */
    private Expr expression(int precedence) throws ParseException {
        heights.enter();
        Expr left = operand();
        for (BinaryOp op = binaryOp(precedence); op != null; op = binaryOp(precedence)) {
            Token unused = words.take();
            boolean bool = words.tryTake(TokenType.BOOL);
            Matching matching = matching();
            Expr right = expression(op.isRightAssociative() ? op.precedence() : op.precedence() + 1);
            left = heights.of(new Expr.Binary(op, left, right, matching, bool), left, right);
        }
        heights.leave();
        return left;
    }

    private @Nullable BinaryOp binaryOp(int precedence) {
        BinaryOp op = BinaryOp.of(words.current().type());
        return op != null && op.precedence() >= precedence ? op : null;
    }

    private Matching matching() throws ParseException {
        boolean on = words.is(TokenType.ON);
        if (!on && !words.is(TokenType.IGNORING)) {
            return Matching.DEFAULT;
        }
        Token unused = words.take();
        List<String> labels = labels();
        var cardinality = Matching.Cardinality.ONE_TO_ONE;
        List<String> include = List.of();
        if (words.is(TokenType.GROUP_LEFT) || words.is(TokenType.GROUP_RIGHT)) {
            boolean left = words.take().type() == TokenType.GROUP_LEFT;
            cardinality = left ? Matching.Cardinality.MANY_TO_ONE : Matching.Cardinality.ONE_TO_MANY;
            include = words.is(TokenType.LEFT_PAREN) ? labels() : List.of();
        }
        return new Matching(cardinality, on, labels, include);
    }

    /** A sign and what it stands before, or something without one; with all that stands behind it. */
    private Expr operand() throws ParseException {
        if (words.is(TokenType.ADD) || words.is(TokenType.SUB)) {
            Token sign = words.take();
            Expr inner = expression(SIGN_PRECEDENCE + 1);
            boolean negative = sign.type() == TokenType.SUB;
            Position position = sign.position().to(inner.position());
            if (inner instanceof Expr.NumberLiteral number) {
                double value = negative ? -number.value() : number.value();
                return heights.of(new Expr.NumberLiteral(value, number.isDuration(), position));
            }
            return heights.of(new Expr.Unary(negative, inner, position), inner);
        }
        Expr expr = primary();
        while (true) {
            Expr modified = modifiers.after(expr);
            if (modified == null) {
                return expr;
            }
            expr = modified;
        }
    }

    private Expr primary() throws ParseException {
        Token word = words.current();
        return switch (word.type()) {
            case NUMBER, DURATION -> {
                Token literal = words.take();
                boolean duration = literal.type() == TokenType.DURATION;
                yield heights.of(new Expr.NumberLiteral(words.seconds(literal), duration, literal.position()));
            }
            case STRING -> {
                Token text = words.take();
                yield heights.of(new Expr.StringLiteral(GoText.unquote(text.text()), text.position()));
            }
            case LEFT_PAREN -> paren();
            case LEFT_BRACE -> heights.of(SelectorReader.read(words, null));
            default -> {
                if (!word.type().isMetricName()) {
                    throw words.unexpected("", "");
                }
                yield named(words.take());
            }
        };
    }

    private Expr paren() throws ParseException {
        Token open = words.take();
        Expr inner = expression(0);
        if (!words.is(TokenType.RIGHT_PAREN)) {
            throw words.unexpected("", "");
        }
        return heights.of(new Expr.Paren(inner, open.position().to(words.take().position())), inner);
    }

    /** An aggregation, a call, or a selector. */
    private Expr named(Token name) throws ParseException {
        AggregateOp op = name.type() == TokenType.AGGREGATOR ? AggregateOp.of(words.lowerCase(name)) : null;
        if (op != null && (words.is(TokenType.LEFT_PAREN) || words.is(TokenType.BY) || words.is(TokenType.WITHOUT))) {
            return aggregate(op, name);
        }
        boolean callable = name.type() == TokenType.IDENTIFIER || name.type().isFunctionKeyword();
        if (callable && words.is(TokenType.LEFT_PAREN)) {
            return call(name);
        }
        return heights.of(SelectorReader.read(words, name));
    }

    private Expr call(Token name) throws ParseException {
        Function function = Function.of(name.text());
        List<Expr> arguments = arguments();
        if (function == null) {
            throw words.error(name.position(), "unknown function with name " + GoText.quote(name.text()));
        }
        Position position = new Position(name.position().start(), words.lastEnd());
        return heights.of(new Expr.Call(function, arguments, position), arguments.toArray(new Expr[0]));
    }

    private Expr aggregate(AggregateOp op, Token name) throws ParseException {
        boolean before = !words.is(TokenType.LEFT_PAREN);
        boolean without = before && words.is(TokenType.WITHOUT);
        List<String> grouping = before ? grouping() : List.of();
        if (!words.is(TokenType.LEFT_PAREN)) {
            throw words.unexpected("aggregation", "");
        }
        List<Expr> arguments = arguments();
        if (!before && (words.is(TokenType.BY) || words.is(TokenType.WITHOUT))) {
            without = words.is(TokenType.WITHOUT);
            grouping = grouping();
        }
        Position position = new Position(name.position().start(), words.lastEnd());
        if (arguments.isEmpty()) {
            throw words.error(position, "no arguments for aggregate expression provided");
        }
        int wanted = op.parameter() == null ? 1 : 2;
        if (arguments.size() != wanted) {
            throw words.error(
                    position,
                    "wrong number of arguments for aggregate expression provided, expected " + wanted + ", got "
                            + arguments.size());
        }
        Expr parameter = wanted == 2 ? arguments.get(0) : null;
        Expr inner = arguments.get(wanted - 1);
        return heights.of(
                new Expr.Aggregate(op, inner, parameter, grouping, without, position), arguments.toArray(new Expr[0]));
    }

    private List<String> grouping() throws ParseException {
        Token unused = words.take();
        return labels();
    }

    private List<Expr> arguments() throws ParseException {
        Token unused = words.take();
        var arguments = new ArrayList<Expr>();
        if (words.tryTake(TokenType.RIGHT_PAREN)) {
            return arguments;
        }
        arguments.add(expression(0));
        while (!words.tryTake(TokenType.RIGHT_PAREN)) {
            if (!words.is(TokenType.COMMA)) {
                throw words.unexpected("", "");
            }
            Token comma = words.take();
            if (words.is(TokenType.RIGHT_PAREN)) {
                throw words.error(comma.position(), "trailing commas not allowed in function call args");
            }
            arguments.add(expression(0));
        }
        return arguments;
    }

    private List<String> labels() throws ParseException {
        if (!words.tryTake(TokenType.LEFT_PAREN)) {
            throw words.unexpected("grouping opts", "\"(\"");
        }
        var labels = new ArrayList<String>();
        while (!words.tryTake(TokenType.RIGHT_PAREN)) {
            labels.add(label());
            if (!words.tryTake(TokenType.COMMA) && !words.is(TokenType.RIGHT_PAREN)) {
                throw words.unexpected("grouping opts", "\",\" or \")\"");
            }
        }
        return labels;
    }

    private String label() throws ParseException {
        boolean quoted = words.is(TokenType.STRING);
        if (!quoted && !words.current().type().isLabelName()) {
            throw words.unexpected("grouping opts", "label");
        }
        Token word = words.take();
        String label = quoted ? GoText.unquote(word.text()) : word.text();
        if (label.isEmpty() || !GoText.isUtf8(label)) {
            throw words.error(word.position(), "invalid label name for grouping: " + GoText.quote(label));
        }
        return label;
    }
}
