package io.metricstream.promql.parse;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.IdentityHashMap;

/** Refuses expressions that are nested too deep, while and after they are read. Lives inside one parse. */
@OwnedBy(Role.QUERY)
final class Heights {
    private final Words words;
    private final IdentityHashMap<Expr, Integer> heights = new IdentityHashMap<>();
    private int depth;

    Heights(Words words) {
        this.words = words;
    }

    /** One level of recursion more. */
    void enter() throws ParseException {
        check(++depth);
    }

    void leave() {
        depth--;
    }

    /** Notes how high an expression is, from what it is made of. */
    <E extends Expr> E of(E expr, Expr... parts) throws ParseException {
        int highest = 0;
        for (Expr part : parts) {
            highest = Math.max(highest, heights.getOrDefault(part, 0));
        }
        check(highest + 1);
        heights.put(expr, highest + 1);
        return expr;
    }

    private void check(int height) throws ParseException {
        if (height > PromParser.MOST_DEPTH) {
            throw words.error(
                    words.current().position(),
                    "expression is nested too deep, expected at most " + PromParser.MOST_DEPTH + " levels");
        }
    }
}
