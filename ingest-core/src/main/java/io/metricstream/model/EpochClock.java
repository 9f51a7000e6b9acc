package io.metricstream.model;

/** Wall-clock time; may step. Used for sample timestamps only, never for limits or time-outs. */
@FunctionalInterface
public interface EpochClock {
    /** Milliseconds since 1970-01-01T00:00:00Z. */
    long millis();

    static EpochClock system() {
        return System::currentTimeMillis;
    }
}
