package io.metricstream.limit;

import java.util.ArrayList;
import java.util.List;

/** What the windows must do, written as plainly as possible: every admission is kept and every question looks at all. */
final class WindowModel {
    private record Admission(long nanos, long weight) {}

    private final List<Admission> admissions = new ArrayList<>();
    long latestNanos;

    WindowModel(long startNanos) {
        latestNanos = startNanos;
    }

    void tick(long nowNanos) {
        latestNanos = Math.max(latestNanos, nowNanos);
    }

    /** The weight admitted in (latest - 1 s, latest]. */
    long weight() {
        return weightAt(latestNanos);
    }

    boolean fits(long weight, long limit) {
        return limit == 0 || weight() + weight <= limit;
    }

    void admit(long weight) {
        admissions.add(new Admission(latestNanos, weight));
    }

    long waitNanos(long weight, long limit) {
        if (weight > limit || weight() + weight <= limit) {
            return 0;
        }
        // Room only ever appears when an admission leaves, so those are the only instants to look at.
        return admissions.stream()
                        .mapToLong(admission -> admission.nanos() + CountWindow.WINDOW_NANOS)
                        .filter(leaves -> leaves > latestNanos && weightAt(leaves) + weight <= limit)
                        .min()
                        .orElseThrow()
                - latestNanos;
    }

    /** The most that any half-open second holds. */
    long heaviestSecond() {
        return admissions.stream()
                .mapToLong(last -> weightAt(last.nanos()))
                .max()
                .orElse(0);
    }

    private long weightAt(long nanos) {
        return admissions.stream()
                .filter(admission -> admission.nanos() > nanos - CountWindow.WINDOW_NANOS && admission.nanos() <= nanos)
                .mapToLong(Admission::weight)
                .sum();
    }
}
