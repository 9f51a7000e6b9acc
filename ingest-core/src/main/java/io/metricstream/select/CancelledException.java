package io.metricstream.select;

/** Nobody wants what was asked for any more; nothing is left behind. */
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CancelledException() {
        super("nobody waits for the answer any more");
    }
}
