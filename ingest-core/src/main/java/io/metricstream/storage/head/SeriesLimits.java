package io.metricstream.storage.head;

/**
 * How many series may be known at once; those over a limit are refused, the known ones go on.
 *
 * @param maxSeries series altogether
 * @param maxBytes what their keys may take, in bytes
 */
public record SeriesLimits(int maxSeries, long maxBytes) {
    /** For tools and tests. */
    public static final SeriesLimits NONE = new SeriesLimits(Integer.MAX_VALUE, Long.MAX_VALUE);

    public SeriesLimits {
        if (maxSeries < 1) {
            throw new IllegalArgumentException("limits.series: found " + maxSeries + ", wanted at least 1");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("limits.series-bytes: found " + maxBytes + ", wanted at least 1");
        }
    }
}
