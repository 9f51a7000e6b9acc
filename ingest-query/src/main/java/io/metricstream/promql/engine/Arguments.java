package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.Position;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is read off the arguments of calls before anything is computed. Stateless. */
final class Arguments {
    private Arguments() {}

    /** An expression without the parentheses around it. */
    static Expr unwrap(Expr expr) {
        Expr inner = expr;
        while (inner instanceof Expr.Paren paren) {
            inner = paren.inner();
        }
        return inner;
    }

    /** A text in an argument. */
    static String text(Expr argument) {
        if (unwrap(argument) instanceof Expr.StringLiteral literal) {
            return literal.value();
        }
        throw new IllegalStateException("not a text: " + argument);
    }

    static List<String> texts(List<Expr> arguments) {
        return arguments.stream().map(Arguments::text).toList();
    }

    /** Where annotations of a range say it is: a subquery's values stand in no text. */
    static Position position(Expr range) {
        return unwrap(range) instanceof Expr.Subquery
                ? Position.START
                : unwrap(range).position();
    }

    /** The labels that whatever a selector selects would have: those that must be equal to something, once. */
    static Labels certainLabels(Expr argument) {
        Expr expr = unwrap(argument);
        List<Matcher> matchers = List.of();
        if (expr instanceof Expr.VectorSelector selector) {
            matchers = selector.matchers();
        } else if (expr instanceof Expr.MatrixSelector matrix) {
            matchers = matrix.selector().matchers();
        }
        Map<String, String> labels = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        for (Matcher matcher : matchers) {
            String label = matcher.label();
            if (label.equals(Labels.NAME)) {
                continue;
            }
            if (matcher.op() == MatchOp.EQUAL && seen.add(label)) {
                labels.put(label, matcher.value());
            } else {
                labels.remove(label);
            }
        }
        return Labels.of(labels);
    }
}
