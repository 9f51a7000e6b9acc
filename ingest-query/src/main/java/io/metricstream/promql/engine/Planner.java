package io.metricstream.promql.engine;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.function.Needed;
import io.metricstream.promql.parse.BinaryOp;
import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.ValueType;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Makes operators of expressions: what is pinned is computed once, and what stands twice is shared. Lives inside one query,
 * as its operators do.
 */
@OwnedBy(Role.QUERY)
final class Planner {
    private static final int MOST_KEY = 512;

    private final Shared shared;
    /** What tells apart places that are evaluated at different steps. */
    private final String place;

    private final boolean pinned;

    private Planner(Shared shared, String place, boolean pinned) {
        this.shared = shared;
        this.place = place;
        this.pinned = pinned;
    }

    private record Shared(Map<String, SharedOp> vectors, Map<String, SharedSamples> samples) {}

    static Planner create() {
        return new Planner(new Shared(new HashMap<>(), new HashMap<>()), "", false);
    }

    VectorOp vector(Expr wrapped) {
        Expr expr = Arguments.unwrap(wrapped);
        if (expr.type() != ValueType.VECTOR) {
            throw new IllegalStateException("not an instant vector: " + expr);
        }
        String key = key(place, expr);
        SharedOp known = shared.vectors.get(key);
        if (known != null) {
            known.addUse();
            return known;
        }
        boolean once = !pinned && Invariance.of(expr);
        VectorOp made = once
                ? new InvariantOp(new Planner(shared, place + "\n@", true).vector(expr))
                : expr.accept(new VectorPlanner(this));
        var op = new SharedOp(made);
        shared.vectors.put(key, op);
        return op;
    }

    /** What tells an expression in a place apart from others: its text, or a digest where that is long. */
    private static String key(String place, Expr expr) {
        String text = place + '\n' + expr;
        if (text.length() <= MOST_KEY) {
            return text;
        }
        try {
            // Its chars as they are: half a character is one, too.
            var chars = new byte[text.length() * Character.BYTES];
            ByteBuffer.wrap(chars).asCharBuffer().put(text);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(chars));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    ScalarOp scalar(Expr expr) {
        return expr.accept(new ScalarPlanner(this));
    }

    /** The samples of a range or a subquery, or of a range what is needed of them. */
    SampleSource samples(Expr wrapped, Needed needed) {
        Expr expr = Arguments.unwrap(wrapped);
        if (expr instanceof Expr.Subquery subquery) {
            String inside = place + "\n" + subquery.rangeMillis() + ":" + subquery.stepMillis() + subquery.shift();
            return new SubquerySource(
                    new Planner(shared, inside, false).vector(subquery.inner()),
                    subquery.shift(),
                    subquery.rangeMillis(),
                    subquery.stepMillis());
        }
        Expr.MatrixSelector matrix = (Expr.MatrixSelector) expr;
        String key = key(place, matrix);
        SharedSamples known = shared.samples.get(key);
        if (known != null) {
            known.addUse(needed);
            return known;
        }
        var source = new SharedSamples(new StoredSamples(
                matrix.selector().matchers(), matrix.selector().shift(), matrix.rangeMillis(), needed));
        shared.samples.put(key, source);
        return source;
    }

    /** The operator of a sign before a vector. */
    VectorOp negative(Expr inner) {
        return new MapOp(vector(inner), Maps.number(value -> -value), false);
    }

    /** The operator of arithmetic, a comparison or a set operator, of which a side at least is a vector. */
    VectorOp binary(Expr.Binary binary) {
        BinaryOp op = binary.op();
        boolean leftScalar = binary.left().type() == ValueType.SCALAR;
        if (leftScalar || binary.right().type() == ValueType.SCALAR) {
            VectorOp side = vector(leftScalar ? binary.right() : binary.left());
            ScalarOp scalar = scalar(leftScalar ? binary.left() : binary.right());
            boolean keepsName = op.isComparison() && !binary.returnsBool();
            return new MapOp(side, Maps.withScalar(op, scalar, leftScalar, binary.returnsBool()), keepsName);
        }
        VectorOp left = vector(binary.left());
        VectorOp right = vector(binary.right());
        return op.isSet()
                ? new SetOp(op, left, right, binary.matching())
                : new JoinOp(op, left, right, binary.matching(), binary.returnsBool());
    }
}
