package io.metricstream.config;

/** Whether a request must carry a key. */
public enum AuthMode {
    /** Everybody may do everything; the Authorization value only tells clients apart. */
    OPEN,
    /** The key of a client in the key file is needed. */
    KEYS
}
