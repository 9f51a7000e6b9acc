package io.metricstream.promql.engine;

import io.metricstream.own.ThreadSafe;
import io.metricstream.select.SeriesCursor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that read and decode for queries while these compute: one less than there are processors, so that one query may
 * use two of them, and many queries not more threads than before and these.
 *
 * <p>Thread: any. Owns: the threads, which end by themselves when nothing has been read for a while.
 */
@ThreadSafe("a semaphore counts the threads that are free")
final class ReadAhead {
    private static final int IDLE_SECONDS = 10;

    private final Semaphore free;
    private final ThreadPoolExecutor threads;

    /** With so many threads, also none. */
    ReadAhead(int most) {
        var number = new AtomicInteger();
        free = new Semaphore(most);
        threads = new ThreadPoolExecutor(
                0, Math.max(1, most), IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    var thread = new Thread(task, "query-reader-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** A cursor that has the other one read by another thread once there is much to read; it closes it, too. */
    SeriesCursor around(SeriesCursor cursor) {
        return new AheadCursor(cursor, this);
    }

    /** Runs a task on a thread of its own; false where none is free. */
    boolean tryStart(Runnable task) {
        if (!free.tryAcquire()) {
            return false;
        }
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    free.release();
                }
            });
            return true;
        } catch (RejectedExecutionException stillEnding) {
            // The thread whose place is free has not come to its end yet.
            free.release();
            return false;
        } catch (RuntimeException | Error e) {
            free.release();
            throw e;
        }
    }
}
