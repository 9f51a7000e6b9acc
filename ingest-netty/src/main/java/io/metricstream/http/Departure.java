package io.metricstream.http;

import io.metricstream.own.ThreadSafe;
import org.jspecify.annotations.Nullable;

/**
 * Tells one who works for a client that the client has left: its connection has ended, or it sends no more. Who asks for
 * something long and says that no more will come is taken to have left, for that is how an ended connection looks.
 *
 * <p>Thread: the event loop tells, a worker hears.
 */
@ThreadSafe("all under the monitor")
public final class Departure {
    private boolean left;
    private @Nullable Runnable task;

    /** Has a task run when the client leaves, at once where it has left; it must be short. One task. */
    public synchronized void whenLeft(Runnable doing) {
        task = doing;
        if (left) {
            doing.run();
        }
    }

    synchronized void onLeft() {
        boolean first = !left;
        left = true;
        if (first && task != null) {
            task.run();
        }
    }
}
