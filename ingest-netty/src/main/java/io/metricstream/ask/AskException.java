package io.metricstream.ask;

/** A server gave no result; the message says why, for whoever asked. */
public final class AskException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean refused;

    AskException(String message, boolean refused) {
        super(message);
        this.refused = refused;
    }

    /** Whether the server found the question itself to be wrong, so that it would be so at any time. */
    public boolean isRefused() {
        return refused;
    }
}
