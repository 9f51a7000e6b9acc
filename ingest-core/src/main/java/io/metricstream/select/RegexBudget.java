package io.metricstream.select;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * What the regular expressions of one request may come to, all together: a bound on each of them would be none on the time
 * and memory that a thousand take. Lives inside one call.
 */
@OwnedBy(Role.QUERY)
public final class RegexBudget {
    private long leftSteps = RegexSize.MOST;

    /** Takes an expression's share, before it is compiled; fails where there is not that much left. */
    public void take(String expression) {
        leftSteps -= RegexSize.of(expression);
        if (leftSteps < 0) {
            throw new IllegalArgumentException("regular expressions too large: found=" + expression
                    + ", wanted=repetitions that come to " + RegexSize.MOST + " steps at most, all together");
        }
    }
}
