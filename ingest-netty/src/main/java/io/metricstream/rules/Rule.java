package io.metricstream.rules;

import io.metricstream.rules.file.RuleSpec;
import java.util.List;

/** One rule with its state. Thread: that which evaluates its group. */
interface Rule {
    RuleSpec spec();

    /**
     * Evaluates the expression and moves on; returns what is to be stored. Where it fails, nothing is, and where rules are
     * stopped meanwhile, nothing has changed.
     */
    List<RuleSample> evaluate(Moment moment, int limit) throws RuleException, InterruptedException;

    /** How it is now, with what the group knows of its last evaluation. */
    RuleView view(RuleView.Outcome outcome);
}
