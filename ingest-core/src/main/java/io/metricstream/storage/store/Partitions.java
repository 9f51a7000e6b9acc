package io.metricstream.storage.store;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Which partition a time belongs to, so that no two of them have a time in common: within a partition later parts win, and
 * between two that overlap nothing would say which part is the later one. Where the retention was changed and with it
 * the span, those that are there go on, and days fill the gaps that are too short for more.
 *
 * <p>Thread: FLUSHER.
 */
@OwnedBy(Role.FLUSHER)
final class Partitions {
    private final TreeSet<Partition> there;
    private final long spanMillis;

    /** Begins with those that are there; others are of this span where they fit in. */
    Partitions(Collection<Partition> there, long spanMillis) {
        this.there = new TreeSet<>(there);
        this.spanMillis = spanMillis;
    }

    Partition of(long timeMillis) {
        Partition before = there.floor(new Partition(timeMillis, Long.MAX_VALUE));
        if (before != null && before.contains(timeMillis)) {
            return before;
        }
        Partition wanted = Partition.of(timeMillis, spanMillis);
        Partition last = there.floor(new Partition(wanted.lastMillis(), Long.MAX_VALUE));
        boolean overlaps = last != null && last.lastMillis() >= wanted.startMillis();
        Partition fitting = overlaps ? Partition.of(timeMillis, Partition.DAY_MILLIS) : wanted;
        there.add(fitting);
        return fitting;
    }
}
