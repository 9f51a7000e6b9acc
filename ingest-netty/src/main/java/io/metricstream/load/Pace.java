package io.metricstream.load;

import java.util.concurrent.TimeUnit;

/**
 * When the requests of one event loop are to start. Of all requests at the rate of the stage, loop {@code part} of
 * {@code parts} has every {@code parts}-th. Times are those of the monotonic clock.
 */
record Pace(long startNanos, Stage stage, int part, int parts) {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    long endNanos() {
        return startNanos + stage.duration().toNanos();
    }

    /** When this loop's request of that number, counted from 0, is to start; not for a stage that is flat out. */
    long dueNanos(long number) {
        long index = number * parts + part;
        long rate = stage.requestsPerSecond();
        // In two steps, as the product would be too large after hours at a high rate.
        return startNanos + index / rate * NANOS_PER_SECOND + index % rate * NANOS_PER_SECOND / rate;
    }
}
