package io.metricstream.ring;

/** What became of a write request that entered the ring. */
public enum WriteOutcome {
    /** Durable as configured; samples whose series could not be created are counted as rejected. */
    STORED,
    /** Nothing stored: all or nothing was asked for, and a series could not be created. */
    REFUSED,
    /** Nothing acknowledged: the log has no room, and none can be made now. */
    DISK_FULL,
    /** Nothing acknowledged: memory is full of samples that wait to be flushed. */
    FLUSH_BEHIND,
    /** Nothing acknowledged: a write or force failed; the samples may or may not be found after a restart. */
    FAILED
}
