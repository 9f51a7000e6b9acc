package io.metricstream.promql.engine;

import io.metricstream.own.ThreadSafe;

/** Ends a query whose answer nobody wants any more. Thread: any. */
@ThreadSafe("one volatile flag")
public final class Cancellation {
    private volatile boolean cancelled;

    /** Has the query end within some milliseconds. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether whoever asked does not wait any more. */
    public boolean isCancelled() {
        return cancelled;
    }
}
