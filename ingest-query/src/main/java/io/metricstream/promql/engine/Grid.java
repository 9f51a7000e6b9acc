package io.metricstream.promql.engine;

/**
 * The steps at which something is evaluated.
 *
 * @param endMillis not before the start; the last step may be before it
 * @param stepMillis at least 1
 */
record Grid(long startMillis, long endMillis, long stepMillis) {
    static Grid instant(long millis) {
        return new Grid(millis, millis, 1);
    }

    int steps() {
        return (int) ((endMillis - startMillis) / stepMillis) + 1;
    }

    long timeMillis(int step) {
        return startMillis + step * stepMillis;
    }

    long lastMillis() {
        return timeMillis(steps() - 1);
    }

    /** Whether it is a single moment; then series keep the order in which they come. */
    boolean isInstant() {
        return startMillis == endMillis;
    }
}
