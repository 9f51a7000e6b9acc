package io.metricstream.auth;

/** What a client may do. */
public enum AccessRole {
    /** Send samples. */
    WRITE,
    /** Ask for samples. */
    READ,
    /** Everything, including what changes or removes stored data. */
    ADMIN
}
