package io.metricstream.load;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What a stage came to. Immutable, as nobody counts in its tally any more. */
public final class StageResult {
    private static final String ROW = "%10s %10s %12s %10s %8s %8s %8s %9s %9s %9s %9s";
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Stage stage;
    private final double seconds;
    private final Tally tally;

    StageResult(Stage stage, long elapsedNanos, Tally tally) {
        this.stage = stage;
        this.seconds = Math.max(1, elapsedNanos) / NANOS_PER_SECOND;
        this.tally = tally;
    }

    /** The columns of {@link #row}. */
    public static String rowHeader() {
        return String.format(
                Locale.ROOT,
                ROW,
                "target/s",
                "reached/s",
                "samples/s",
                "200",
                "429",
                "503",
                "errors",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "max ms");
    }

    /** The result in one line. Latencies are corrected ones. */
    public String row() {
        Histogram latency = tally.corrected();
        return String.format(
                Locale.ROOT,
                ROW,
                stage.flatOut() ? "flat out" : String.valueOf(stage.requestsPerSecond()),
                number(reachedPerSecond()),
                number(samplesPerSecond()),
                tally.status(200),
                tally.status(429),
                tally.status(503),
                errors(),
                millis(latency, 50),
                millis(latency, 99),
                millis(latency, 99.9),
                millis(latency, 100));
    }

    Stage stage() {
        return stage;
    }

    Tally tally() {
        return tally;
    }

    double seconds() {
        return seconds;
    }

    /** Requests answered 200. */
    double reachedPerSecond() {
        return tally.status(200) / seconds;
    }

    double samplesPerSecond() {
        return tally.acknowledged() / seconds;
    }

    /** Requests sent that were answered by neither 200, 429 nor 503, and requests that could not be sent in time. */
    long errors() {
        return tally.sent() - tally.status(200) - tally.status(429) - tally.status(503) + tally.notSent();
    }

    /** Whole numbers, or one decimal where there is little. */
    static String number(double number) {
        return String.format(Locale.ROOT, number < 100 ? "%.1f" : "%.0f", number);
    }

    static String millis(Histogram latency, double percentile) {
        return latency.getTotalCount() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.2f", latency.getValueAtPercentile(percentile) / NANOS_PER_MILLI);
    }
}
