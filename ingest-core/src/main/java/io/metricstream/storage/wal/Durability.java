package io.metricstream.storage.wal;

/** What a commit waits for, and so what an acknowledged sample survives. */
public enum Durability {
    /** The disk: survives a power cut. */
    FSYNC,
    /** The page cache: survives the end of the process, not a power cut. */
    OS,
    /** This process's memory, written once a second: may lose the last second when the process is killed. */
    MEMORY
}
