package io.metricstream.feed;

/** The run ended early; the message says why, for people. */
public final class FeedException extends Exception {
    private static final long serialVersionUID = 1;

    FeedException(String message) {
        super(message);
    }
}
