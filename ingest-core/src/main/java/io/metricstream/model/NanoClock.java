package io.metricstream.model;

/** Monotonic time with an arbitrary origin; only differences mean something. */
@FunctionalInterface
public interface NanoClock {
    long nanos();

    static NanoClock system() {
        return System::nanoTime;
    }
}
