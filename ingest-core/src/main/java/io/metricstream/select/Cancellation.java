package io.metricstream.select;

import io.metricstream.own.ThreadSafe;

/**
 * Ends what is done for one who does not want it any more, such as a client whose connection has ended. Whoever works looks at it
 * at least every some thousand values, so that it ends within some milliseconds. Thread: any.
 */
@ThreadSafe("one volatile flag")
public final class Cancellation {
    private volatile boolean cancelled;

    /** Has the work end. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether whoever asked does not wait any more. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Ends the work by {@link CancelledException} where nobody waits for it. */
    public void check() {
        if (cancelled) {
            throw new CancelledException();
        }
    }
}
