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
        atLeast("metricsPerRequest", metricsPerRequest, 1);
        atLeast("nameChars", nameChars, 1);
        atLeast("tagsPerMetric", tagsPerMetric, 0);
        atLeast("tagKeyChars", tagKeyChars, 1);
        atLeast("tagValueChars", tagValueChars, 1);
        atLeast("retentionMillis", retentionMillis, 1);
        atLeast("futureMillis", futureMillis, 0);
    }

    private static void atLeast(String what, long found, long least) {
        if (found < least) {
            throw new IllegalArgumentException(what + " too small: found=" + found + ", least=" + least);
        }
    }
}
