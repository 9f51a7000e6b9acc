package io.metricstream.own;

/** The threads of the server, each with one duty; a thread's name begins with its role. */
public enum Role {
    /** A Netty event loop: reads, parses, enqueues and answers; never blocks. */
    EVENT_LOOP,
    /** The one thread that drains the ring, writes the log and makes it durable. */
    DISK_WRITER,
    /** Prepares the next log segment ahead of the disk writer. */
    PREALLOCATOR,
    /** Follows the log and appends its samples to the JSON Lines file. */
    JSONL_WRITER,
    /** A query or an export: opens cursors, reads them and closes them. */
    QUERY,
    /** Evaluates groups of rules, one at a time each. */
    RULES,
    /** Writes frozen memtables to parts. */
    FLUSHER,
    /** Merges parts, and enforces retention. */
    COMPACTOR,
    /** For a moment after a start, has the code of writes and queries compiled. */
    REHEARSAL,
    /** Start-up, shutdown and the command line. */
    MAIN
}
