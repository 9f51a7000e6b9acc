package io.metricstream.load;

/** A run that could not begin; the message says why, for the user. */
public final class LoadException extends Exception {
    private static final long serialVersionUID = 1;

    LoadException(String message) {
        super(message);
    }
}
