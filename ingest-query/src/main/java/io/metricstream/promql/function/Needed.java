package io.metricstream.promql.function;

/**
 * What a function of a range has to know of neighbouring samples of which each of its windows has all or none: one number
 * that stands for them, or all.
 */
public enum Needed {
    /** Only how many there are; then values are not asked for at all. */
    COUNT,
    MIN,
    MAX,
    /** Their sum, where it is exact, and their count. */
    SUM,
    VALUES;

    /** What is needed for two functions of the same range. */
    public Needed and(Needed other) {
        if (this == other || other == COUNT) {
            return this;
        }
        return this == COUNT ? other : VALUES;
    }
}
