package io.metricstream.ring;

/** Whether writes can be taken now, and if not, why. */
public enum WriterState {
    WRITING("writing"),
    /** No space for the log; ends by itself when space returns. */
    DISK_FULL("the disk is full"),
    /** Less is free than the log is to leave free; ends by itself when space returns. */
    DISK_LOW("less than disk.reserve is left of the disk"),
    /** The next segment of the log cannot be made, for another reason; ends by itself when it can. */
    NO_SEGMENT("no new segment of the log can be made"),
    /** Memory is full of samples that are not in parts yet; ends by itself when they are. */
    FLUSH_BEHIND("flushing to the disk is behind"),
    /** Requests wait and nothing has been committed for too long. */
    STALLED("the disk writer has not committed for too long"),
    /** A write or force failed; ends with a restart only. */
    FAILED("the disk writer stopped after a failed write"),
    /** The server is shutting down. */
    STOPPED("the disk writer is stopped");

    private final String reason;

    WriterState(String reason) {
        this.reason = reason;
    }

    /** Whether it is over once a next segment of the log can be made and the reserve is free. */
    boolean endsWithRoom() {
        return this == DISK_FULL || this == DISK_LOW || this == NO_SEGMENT;
    }

    /** For people, as in {@code /ready}. */
    public String reason() {
        return reason;
    }
}
