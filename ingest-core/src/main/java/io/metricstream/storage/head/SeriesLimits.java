package io.metricstream.storage.head;

/**
 * How many series may be known at once; samples of a new one over a limit are refused, those of known ones go on.
 *
 * @param maxSeries series altogether
 * @param maxBytes what they may take on the heap, their keys and the index of their labels, in bytes
 * @param maxPerMetric series of one metric's name; 0 is no limit
 * @param maxNewPerHour new series of one client in any hour; 0 is no limit
 */
public record SeriesLimits(int maxSeries, long maxBytes, int maxPerMetric, int maxNewPerHour) {
    /** For tools and tests. */
    public static final SeriesLimits NONE = new SeriesLimits(Integer.MAX_VALUE, Long.MAX_VALUE, 0, 0);

    public SeriesLimits {
        if (maxSeries < 1) {
            throw new IllegalArgumentException("limits.series: found " + maxSeries + ", wanted at least 1");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("limits.series-bytes: found " + maxBytes + ", wanted at least 1");
        }
        if (maxPerMetric < 0) {
            throw new IllegalArgumentException(
                    "limits.series-per-metric: found " + maxPerMetric + ", wanted at least 0");
        }
        if (maxNewPerHour < 0) {
            throw new IllegalArgumentException("limits.new-series: found " + maxNewPerHour + ", wanted at least 0");
        }
    }

    /** Limits of the table as a whole only. */
    public static SeriesLimits of(int maxSeries, long maxBytes) {
        return new SeriesLimits(maxSeries, maxBytes, 0, 0);
    }
}
