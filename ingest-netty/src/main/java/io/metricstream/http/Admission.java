package io.metricstream.http;

import io.metricstream.ring.WriteOutcome;
import io.metricstream.ring.WriteRing;
import org.jspecify.annotations.Nullable;

/** Whether the server takes writes now; asked before a body is read. Called by event loops, so it never blocks. */
public interface Admission {
    /** Null where writes are taken. */
    @Nullable
    Refusal check();

    /** The way to the disk writer; asked for only where {@link #check} has let a request through. */
    WriteRing ring();

    /** What to say where the ring has no room, with a time that follows from how fast it drains. */
    Refusal ringFull();

    /** What to say to a write that the disk writer could not take. */
    default Refusal unavailable(WriteOutcome outcome) {
        Refusal now = check();
        if (now != null) {
            return now;
        }
        return outcome == WriteOutcome.FLUSH_BEHIND
                ? Refusal.unavailable("flush_behind", "flushing to the disk was behind", 1)
                : Refusal.unavailable("disk_full", "the disk was full", 1);
    }

    /** What {@code /ready} says. */
    Readiness readiness();

    /** True once the server is shutting down: answers then close their connections, while writes are still taken. */
    boolean draining();
}
