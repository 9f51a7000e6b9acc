package io.metricstream.promql.parse;

import java.util.List;

/**
 * Which series of the two sides of an operator belong together.
 *
 * @param on whether {@code labels} are those that must be the same, not those that do not count
 * @param include labels that the result takes from the one side
 */
public record Matching(Cardinality cardinality, boolean on, List<String> labels, List<String> include) {
    /** All labels but the name must be the same. */
    public static final Matching DEFAULT = new Matching(Cardinality.ONE_TO_ONE, false, List.of(), List.of());

    public Matching {
        labels = List.copyOf(labels);
        include = List.copyOf(include);
    }

    /** How many series of each side may belong together. */
    public enum Cardinality {
        ONE_TO_ONE,
        MANY_TO_ONE,
        ONE_TO_MANY,
        MANY_TO_MANY
    }

    boolean isGrouped() {
        return cardinality == Cardinality.MANY_TO_ONE || cardinality == Cardinality.ONE_TO_MANY;
    }

    Matching with(Cardinality other) {
        return new Matching(other, on, labels, include);
    }
}
