package io.metricstream.parse;

/**
 * What a request may hold. Characters are Unicode code points.
 *
 * @param retentionMillis how far back a timestamp may lie; {@link #UNLIMITED_MILLIS} admits any time before
 * @param futureMillis how far ahead of this machine's clock a timestamp may lie
 */
public record ParseLimits(
        int metricsPerRequest,
        int nameChars,
        int tagsPerMetric,
        int tagKeyChars,
        int tagValueChars,
        long retentionMillis,
        long futureMillis) {
    public static final long UNLIMITED_MILLIS = Long.MAX_VALUE;

    private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

    public static final ParseLimits DEFAULT = new ParseLimits(10_000, 255, 64, 255, 4_096, 30 * DAY_MILLIS, 600_000);

    public ParseLimits {
        atLeast("limits.metrics-per-request", metricsPerRequest, 1);
        atLeast("limits.name", nameChars, 1);
        atLeast("limits.tags", tagsPerMetric, 0);
        atLeast("limits.tag-key", tagKeyChars, 1);
        atLeast("limits.tag-value", tagValueChars, 1);
        atLeast("retention.time", retentionMillis, 1);
        atLeast("limits.future", futureMillis, 0);
    }

    private static void atLeast(String key, long found, long least) {
        if (found < least) {
            throw new IllegalArgumentException(key + ": found " + found + ", wanted at least " + least);
        }
    }
}
