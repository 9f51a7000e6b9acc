package io.metricstream.rules.file;

import io.metricstream.promql.parse.Expr;
import io.metricstream.rules.template.Template;
import java.util.Map;

/** One rule as its file has it, the labels of its group among its own. */
public sealed interface RuleSpec {
    /** The metric that is recorded, or the alert. */
    String name();

    Expr expr();

    /** Those it puts on what it comes to, as the file has them. */
    Map<String, ?> labels();

    /** A rule that writes what its expression comes to. */
    record Recording(String name, Expr expr, Map<String, String> labels) implements RuleSpec {
        public Recording {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * A rule that fires for each series of its expression.
     *
     * @param holdMillis how long a series must be there before it fires
     * @param keepFiringMillis how long it fires after it is gone
     */
    record Alerting(
            String name,
            Expr expr,
            long holdMillis,
            long keepFiringMillis,
            Map<String, Template> labels,
            Map<String, Template> annotations)
            implements RuleSpec {
        public Alerting {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
        }
    }
}
