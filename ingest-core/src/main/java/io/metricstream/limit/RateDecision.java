package io.metricstream.limit;

/** The answer to one try of a client. */
public enum RateDecision {
    ALLOWED,
    /** Refused: the requests of the last second are at the limit. */
    REQUESTS_SPENT,
    /** Refused: these bytes and those of the last second together are above the limit. */
    BYTES_SPENT,
    /** Refused: these samples and those of the last second together are above the limit. */
    SAMPLES_SPENT,
    /** Refused for good: the request alone has more bytes than the limit lets through in a second. */
    BYTES_NEVER_FIT,
    /** Refused for good: the request alone has more samples than the limit lets through in a second. */
    SAMPLES_NEVER_FIT;

    public boolean allowed() {
        return this == ALLOWED;
    }

    /** False where the same request will be refused again however long its client waits; it has to be split. */
    public boolean retryHelps() {
        return this != BYTES_NEVER_FIT && this != SAMPLES_NEVER_FIT;
    }
}
