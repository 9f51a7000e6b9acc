package io.metricstream.ring;

import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Spaces the groups of a busy server, so that each force makes more requests durable. Without it a force that is much
 * faster than a round trip makes many small groups, and waking threads for them costs more than writing them.
 *
 * <p>A request that comes alone never waits: only after a group of several does the next begin no sooner than
 * {@value #INTERVAL_NANOS} ns after it. PostgreSQL's {@code commit_delay} and {@code commit_siblings} are the same idea.
 *
 * <p>Thread: DISK_WRITER only.
 */
@OwnedBy(Role.DISK_WRITER)
final class GroupPace {
    /** Found by measurement (docs/performance.md): half of it gains half, and twice of it leaves processors idle. */
    static final long INTERVAL_NANOS = 300_000;

    /** Sleeping takes about this long even if less is asked for. */
    private static final long SHORTEST_REST_NANOS = 20_000;

    private final NanoClock clock;
    private long lastGroupNanos;
    private int lastRequests;

    GroupPace(NanoClock clock) {
        this.clock = clock;
    }

    /** A group of so many requests is being made durable. */
    void onGroup(int requests) {
        lastGroupNanos = clock.nanos();
        lastRequests = requests;
    }

    /** How long to let requests gather before the next group; 0 for not at all. */
    long restNanos() {
        if (lastRequests < 2) {
            return 0;
        }
        long rest = INTERVAL_NANOS - (clock.nanos() - lastGroupNanos);
        return rest < SHORTEST_REST_NANOS ? 0 : rest;
    }
}
