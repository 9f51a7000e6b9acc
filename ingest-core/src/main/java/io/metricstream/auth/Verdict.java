package io.metricstream.auth;

/** The answer to {@link Access#require}. */
public enum Verdict {
    ALLOWED,
    /** Nobody known has sent this: 401. */
    UNAUTHORIZED,
    /** The client is known and may not do this: 403. */
    FORBIDDEN
}
